import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ResourceFile } from '@stellwerk/flows';
import { withoutSlash } from './read-directory.js';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Paths are kept relative: the same directory may be given in another way at the next start. */
type Packed = [path: string, text: string][];

/** The same files give the same bytes. */
export const packFiles = (directory: string, files: readonly ResourceFile[]): Promise<Uint8Array> =>
  pack(JSON.stringify(files.map(({ path, text }) => [path.slice(withoutSlash(directory).length), text] satisfies Packed[number])));

/** Throws for anything that `packFiles` did not make. */
export const unpackFiles = async (directory: string, content: Uint8Array): Promise<ResourceFile[]> => {
  const packed = JSON.parse((await unpack(content)).toString()) as Packed;
  return packed.map(([path, text]) => ({ path: `${withoutSlash(directory)}${path}`, text }));
};
