import { ResourceParser, parseResources, sortFaults, type ActionLookup, type ParsedResources, type ResourceFile } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { inTurns } from './in-turns.js';
import { readDirectory, type DirectoryContent } from './read-directory.js';

export interface LoadedDirectory extends ParsedResources {
  /** What was read, also of files with faults. */
  files: ResourceFile[];
}

const ACTIONS: ActionLookup = (platform) => actionCatalog[platform];

/** Reads and checks every YAML file below `dir`. Paths in faults begin with `dir` as it was given. Secrets are not looked up. */
export const loadDirectory = async (dir: string): Promise<LoadedDirectory> => {
  const content = await readDirectory(dir);
  return loadedFrom(content, parseResources(content.files, ACTIONS));
};

/** The same for a process that has other things to do, and for content of which most has been seen before. */
export class ContentParser {
  readonly #parser = new ResourceParser(ACTIONS);
  readonly #stopping = new AbortController();

  async parse(content: DirectoryContent): Promise<LoadedDirectory> {
    return loadedFrom(content, await inTurns(this.#parser.parse(content.files), this.#stopping.signal));
  }

  /** What is under way throws. */
  stop(): void {
    this.#stopping.abort();
  }
}

const loadedFrom = ({ files, faults }: DirectoryContent, parsed: ParsedResources): LoadedDirectory =>
  ({ ...parsed, faults: sortFaults([...faults, ...parsed.faults]), files });
