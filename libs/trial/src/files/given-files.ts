import { normalize } from 'node:path/posix';
import { parseResources, type ResourceFile } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import type { Checked } from '../lint/lint-report.js';
import type { TestContent } from '../play/test-content.js';

/** Files of a config directory that came as texts. */
export interface GivenFiles extends Checked {
  /** What of them holds resources: `*.yaml`, `*.yml`. */
  files: ResourceFile[];
  /** `*.test.yaml`. */
  testFiles: ResourceFile[];
  /** Of any of them. */
  read: TestContent['read'];
}

const RESOURCE_FILE = /\.ya?ml$/i;
const TEST_FILE = /\.test\.ya?ml$/i;

/** Hidden files and folders are none of ours, as in a directory. */
const isHidden = (path: string): boolean => path.split('/').some((part) => part.startsWith('.') && part !== '.' && part !== '..');

/** Sorts the files by what they are, as a directory is read, and checks the resources. */
export const givenFiles = (all: readonly ResourceFile[]): GivenFiles => {
  const yaml = all.filter(({ path }) => RESOURCE_FILE.test(path) && !isHidden(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const files = yaml.filter(({ path }) => !TEST_FILE.test(path));
  const { resources, faults } = parseResources(files, (platform) => actionCatalog[platform]);
  const texts = new Map(all.map(({ path, text }) => [normalize(path), text]));
  return { resources, faults, files, testFiles: yaml.filter(({ path }) => TEST_FILE.test(path)), read: reader(texts) };
};

const reader = (texts: ReadonlyMap<string, string>): TestContent['read'] => async (path) => {
  const text = texts.get(path);
  if (text === undefined) throw new Error('it is not among the files');
  return text;
};
