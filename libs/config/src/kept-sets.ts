/** A set as it is kept: the text of its files, packed. No value of a secret is in it, as none is in the files. */
export interface KeptSet {
  revision: string;
  content: Uint8Array;
  /** How long ago it came into force. */
  ageSeconds: number;
}

/** Where valid sets outlive the process, one for each directory. A service gives its own store: this lib knows of no database. */
export interface KeptSets {
  /** The one that came into force last, from that directory (an absolute path). Throws while the store is away. */
  newest(directory: string): Promise<KeptSet | undefined>;
  /** True when it was written; false: the same, or what came into force after it, is there. Throws while the store is away. */
  keep(directory: string, set: KeptSet): Promise<boolean>;
  /** Says that the directory is in use. False: nothing is kept of it. Throws while the store is away. */
  confirm(directory: string): Promise<boolean>;
  /** Deletes the sets of directories that nobody has confirmed for so many days, never that of `mine`; gives their names. Throws while the store is away. */
  forgetUnused(mine: string, days: number): Promise<string[]>;
}
