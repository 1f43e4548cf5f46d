import type { Platform } from '@stellwerk/contracts';
import type { SecretRef } from '../model.js';
import type { Catalog } from './check-steps.js';
import { itemsAt, mapOf, type ResourceSource } from './resource-source.js';
import { isSecretRef } from './secret-ref.js';
import type { Path, Position } from './yaml-source.js';

/** Where a secret is named, and who needs its value. */
export interface SecretUse extends Position {
  ref: SecretRef;
  /** `action`: in the `with` of a step on a connection of `platform`. */
  use: 'webhook' | 'auth' | 'channel' | 'action';
  platform?: Platform;
  file: string;
}

interface Found {
  ref: unknown;
  path: Path;
  use: SecretUse['use'];
  platform?: Platform;
}

/** Every secret that the resource names, with its path. */
export const secretsAt = (source: ResourceSource, catalog: Catalog): { ref: SecretRef; path: Path }[] =>
  found(source, catalog).flatMap(({ ref, path }) => (isSecretRef(ref) ? [{ ref, path }] : []));

/** Every secret that the resource names. */
export const secretUses = (source: ResourceSource, catalog: Catalog): SecretUse[] =>
  found(source, catalog).flatMap(({ ref, path, use, platform }) =>
    isSecretRef(ref) ? [{ ref, use, platform, file: source.yaml.file, ...source.yaml.valueAt(path) }] : []);

const found = (source: ResourceSource, catalog: Catalog): Found[] => {
  const { kind, spec } = source;
  if (kind === 'Connection') return ofConnection(spec);
  if (kind === 'Channel') return ofChannel(spec);
  return kind === 'Flow' ? ofSteps(spec, catalog) : [];
};

const ofChannel = (spec: Record<string, unknown>): Found[] => [
  ...['url', 'secret', 'routingKey', 'token'].map((key): Found => ({ ref: spec[key], path: ['spec', key], use: 'channel' })),
  { ref: mapOf(spec.smtp).password, path: ['spec', 'smtp', 'password'], use: 'channel' },
];

const ofConnection = (spec: Record<string, unknown>): Found[] => {
  const [webhook, auth] = [mapOf(spec.webhook), mapOf(spec.auth)];
  const platform = spec.platform as Platform;
  return [
    ...['secrets', 'tokens'].flatMap((key) => itemsAt(webhook[key], ['spec', 'webhook', key]))
      .map(({ item, path }): Found => ({ ref: item, path, use: 'webhook', platform })),
    { ref: auth.token, path: ['spec', 'auth', 'token'], use: 'auth', platform },
    { ref: mapOf(auth.app).privateKey, path: ['spec', 'auth', 'app', 'privateKey'], use: 'auth', platform },
    { ref: mapOf(auth.webhook).token, path: ['spec', 'auth', 'webhook', 'token'], use: 'auth', platform },
  ];
};

const ofSteps = (spec: Record<string, unknown>, catalog: Catalog): Found[] =>
  Object.entries(mapOf(spec.steps)).flatMap(([name, value]) => {
    const step = mapOf(value);
    const path = ['spec', 'steps', name];
    return [...ofUse(step, path, catalog), ...ofUse(mapOf(step.rollback), [...path, 'rollback'], catalog)];
  });

/** A reference stands where the action takes a secret, or as a value in a map: `parameters: { env: … }` is a parameter. */
const ofUse = (step: Record<string, unknown>, path: Path, { names, actions }: Catalog): Found[] => {
  const [connection = '', wanted = ''] = String(step.uses).split('/');
  const platform = names.platformOf(connection);
  const fields = (platform && actions(platform).find(({ name }) => name === wanted)?.fields) ?? {};
  return Object.entries(mapOf(step.with)).flatMap(([key, value]): Found[] => {
    const at = [...path, 'with', key];
    const type = fields[key]?.type;
    if (type === 'secret') return [{ ref: value, path: at, use: 'action', platform }];
    if (type !== 'text-map' && type !== 'map') return [];
    return Object.entries(mapOf(value)).map(([name, item]) => ({ ref: item, path: [...at, name], use: 'action', platform }));
  });
};
