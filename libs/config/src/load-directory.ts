import { parseResources, sortFaults, type ParsedResources, type ResourceFile } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { readDirectory, type DirectoryContent } from './read-directory.js';

export interface LoadedDirectory extends ParsedResources {
  /** What was read, also of files with faults. */
  files: ResourceFile[];
}

/** Reads and checks every YAML file below `dir`. Paths in faults begin with `dir` as it was given. Secrets are not looked up. */
export const loadDirectory = async (dir: string): Promise<LoadedDirectory> => parseContent(await readDirectory(dir));

export const parseContent = ({ files, faults }: DirectoryContent): LoadedDirectory => {
  const parsed = parseResources(files, (platform) => actionCatalog[platform]);
  return { ...parsed, faults: sortFaults([...faults, ...parsed.faults]), files };
};
