import { isSecretRef } from './secret-ref.js';
import { TOKEN } from './check-secrets.js';
import { hasTemplate } from '../expressions/template.js';
import { itemsAt, mapOf, type ResourceSource } from './resource-source.js';
import { endlessAsWritten, isEndless } from './written.js';
import type { Path } from './yaml-source.js';

/** Values that become others than they look, and secrets where everybody reads them. */
export const checkValues = (source: ResourceSource): void => {
  visit(source, source.spec.env, ['spec', 'env'], (value, path) => {
    if (isSecretRef(value)) source.warn(path, 'no secret is read here: expected the reference in the "with" of the step that sends it');
  });
  for (const [name, step] of Object.entries(mapOf(source.spec.steps))) {
    const path = ['spec', 'steps', name];
    for (const [fields, at] of [[mapOf(step).with, [...path, 'with']], [mapOf(mapOf(step).rollback).with, [...path, 'rollback', 'with']]] as const) visit(source, fields, at, (value, place) => checkHeader(source, value, place));
  }
  for (const [name, input] of Object.entries(mapOf(source.spec.inputs))) {
    const { default: value } = mapOf(input);
    if (!isEndless(value)) visit(source, value, ['spec', 'inputs', name, 'default'], () => undefined); // else the schema says so
  }
};

const visit = (source: ResourceSource, value: unknown, path: Path, look: (value: unknown, path: Path) => void): void => {
  look(value, path);
  if (typeof value === 'number') checkNumber(source, value, path);
  else if (typeof value === 'string') checkToken(source, value, path);
  else if (Array.isArray(value)) itemsAt(value, path).forEach((one) => visit(source, one.item, one.path, look));
  else for (const [key, item] of Object.entries(mapOf(value))) {
    if (hasTemplate(key)) source.warnKey([...path, key], 'a name takes no ${{ }}: it stays as it is written');
    visit(source, item, [...path, key], look);
  }
};

/** 1.10 is 1.1, as it is for labels; 007 is 7. */
const checkNumber = (source: ResourceSource, value: number, path: Path): void => {
  if (isEndless(value)) return source.warn(path, `${endlessAsWritten(value)} is no finite number: nothing is sent in its place`);
  const text = source.yaml.numberAt(path);
  if (text !== undefined && /^[0-9][0-9.]*$/.test(text) && text !== String(value)) source.warn(path, `the number ${text} becomes ${value}: quote it, if it is to stay as it is written`);
};

const EVERYBODY = 'this looks like a secret, which everybody who reads the file and the run would see: expected { env: NAME } or { file: PATH }';

const checkToken = (source: ResourceSource, text: string, path: Path): void => {
  if (TOKEN.test(text)) source.warn(path, EVERYBODY);
};

/** What is written there lets somebody in. */
const checkHeader = (source: ResourceSource, value: unknown, path: Path): void => {
  const isHeader = String(path.at(-2)) === 'headers' && /^(authorization|x-api-key|api-key|x-auth-token)$/i.test(String(path.at(-1)));
  if (isHeader && typeof value === 'string' && value !== '' && !hasTemplate(value) && !TOKEN.test(value)) source.warn(path, EVERYBODY);
};
