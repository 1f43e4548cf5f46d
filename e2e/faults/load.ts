import type { Delivery, LoadOptions, Rig } from '@stellwerk/testing/rig';

/** Keeps a load of hooks going while something is done; gives the deliveries that were made. */
export const underLoad = async (rig: Rig, options: LoadOptions, work: () => Promise<void>): Promise<Delivery[]> => {
  const end = new AbortController();
  const load = rig.driver.load({ ...options, signal: end.signal });
  try {
    await work();
  } finally {
    end.abort();
  }
  return load;
};

export const seconds = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, count * 1_000));
