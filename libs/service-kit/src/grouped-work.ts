/** What became of one item of a group. */
export type GroupResult<Out> = PromiseSettledResult<Out>;

interface Waiting<In, Out> {
  item: In;
  resolve: (value: Out) => void;
  reject: (reason: unknown) => void;
}

export interface GroupedWorkOptions {
  /** Most items handed over at once. */
  max: number;
  /** Groups that may be at work at a time. Default 1. */
  atOnce?: number;
  /** A group that is not full begins at the earliest so long after the one before, in ms. Default 0. */
  everyMs?: number;
}

/**
 * Work that is cheaper together: one transaction, one statement, one request for many callers. While a group is at
 * work further calls gather, and all of them are the next one. Alone, a call is a group of one and waits for nobody.
 *
 * `work` gets the items in the order of their calls and answers for each, in that order. When it throws, every item
 * of the group fails with what it threw: whoever can tell good items from a bad one repeats them apart in `work`.
 */
export class GroupedWork<In, Out> {
  readonly #waiting: Waiting<In, Out>[] = [];
  #atWork = 0;
  #notBefore = 0;
  #timer?: NodeJS.Timeout;

  constructor(
    private readonly work: (items: readonly In[]) => Promise<readonly GroupResult<Out>[]>,
    private readonly options: GroupedWorkOptions,
  ) {}

  /** What `work` gave for this item; rejects with its reason. */
  run(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      // What arrives in one turn of the event loop, as a pull of many messages does, is one group.
      setImmediate(() => this.#begin());
    });
  }

  /** Items that are not handed over yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  #begin(): void {
    if (this.#waiting.length === 0 || this.#atWork >= (this.options.atOnce ?? 1) || this.#gathers()) return;
    this.#notBefore = performance.now() + (this.options.everyMs ?? 0);
    const group = this.#waiting.splice(0, this.options.max);
    this.#atWork += 1;
    void this.#settle(group).finally(() => {
      this.#atWork -= 1;
      this.#begin();
    });
  }

  /** True while it is too early for a group that may still grow; it begins by itself when its time has come. */
  #gathers(): boolean {
    const earlyMs = this.#notBefore - performance.now();
    if (earlyMs <= 0 || this.#waiting.length >= this.options.max) return false;
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#begin();
      }, Math.ceil(earlyMs));
    }
    return true;
  }

  async #settle(group: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await this.work(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error(`grouped work answered ${results.length} of ${group.length} items`);
      results.forEach((result, index) => {
        const { resolve, reject } = group[index]!;
        if (result.status === 'fulfilled') resolve(result.value);
        else reject(result.reason);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

/** Together first; when the group as a whole fails, each item alone, so that a bad one fails by itself. */
export const togetherOrApart = <In, Out>(
  together: (items: readonly In[]) => Promise<readonly Out[]>,
  mayBeApart: (error: unknown) => boolean,
) => async (items: readonly In[]): Promise<readonly GroupResult<Out>[]> => {
  try {
    return (await together(items)).map((value) => ({ status: 'fulfilled', value }));
  } catch (error) {
    if (items.length === 1 || !mayBeApart(error)) return items.map(() => ({ status: 'rejected', reason: error }));
  }
  const results: GroupResult<Out>[] = [];
  for (const item of items) results.push(...(await Promise.allSettled([together([item]).then(([value]) => value!)])));
  return results;
};
