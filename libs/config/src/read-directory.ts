import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault, ResourceFile } from '@stellwerk/flows';

export interface DirectoryContent {
  files: ResourceFile[];
  /** Files and folders that cannot be read. */
  faults: Fault[];
}

const RESOURCE_FILE = /\.ya?ml$/i;
const TEST_FILE = /\.test\.ya?ml$/i;

/**
 * The text of every YAML file below `dir`, or of the one file that it names. `*.test.yaml` are tests, hidden entries are
 * none of ours (a mounted ConfigMap keeps its versions there), symbolic links are followed.
 */
export const readDirectory = (dir: string): Promise<DirectoryContent> =>
  readFiles(dir, (name) => RESOURCE_FILE.test(name) && !TEST_FILE.test(name));

/** The text of every `*.test.yaml` below `dir`, found as resources are. */
export const readTestFiles = (dir: string): Promise<DirectoryContent> => readFiles(dir, (name) => TEST_FILE.test(name));

/** How the paths of all files below it begin. */
export const withoutSlash = (dir: string): string => dir.replace(/(?<=.)\/+$/, '');

type Wanted = (name: string) => boolean;

const readFiles = async (dir: string, isWanted: Wanted): Promise<DirectoryContent> => {
  const content: DirectoryContent = { files: [], faults: [] };
  await visit(withoutSlash(dir), { content, isWanted }, []);
  content.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return content;
};

interface Search {
  content: DirectoryContent;
  isWanted: Wanted;
}

/** `above`: the real folders on the way here; a link back to one of them is not followed again. */
const visit = async (path: string, search: Search, above: string[]): Promise<void> => {
  const { content } = search;
  try {
    if ((await stat(path)).isDirectory()) await visitFolder(path, search, above);
    else content.files.push({ path, text: decode(await readFile(path)) });
  } catch (error) {
    content.faults.push({ file: path, line: 1, column: 1, message: reasonOf(error), severity: 'error' });
  }
};

const visitFolder = async (path: string, search: Search, above: string[]): Promise<void> => {
  const real = await realpath(path);
  if (above.includes(real)) return;
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
    const child = path === '/' ? `/${entry.name}` : `${path}/${entry.name}`;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await isDirectory(join(path, entry.name))));
    if (isFolder || search.isWanted(entry.name)) await visit(child, search, [...above, real]);
  }
};

/** A broken link is no folder; when it is named like a resource, reading it says so. */
const isDirectory = (path: string): Promise<boolean> => stat(path).then((found) => found.isDirectory(), () => false);

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'expected text in UTF-8',
};

const reasonOf = (error: unknown): string => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? `cannot be read: ${message}`;
};
