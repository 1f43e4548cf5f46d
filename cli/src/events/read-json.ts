import { readFile } from 'node:fs/promises';
import { UsageError } from '../terminal.js';

/** What lies in a file; `-` is no file here. Throws UsageError. */
export const readJson = async (file: string): Promise<unknown> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => { throw new UsageError(`${file} cannot be read: ${(error as Error).message}`); });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} holds no JSON: ${(error as Error).message}`);
  }
};
