let time: Date | undefined;

/** What `now()` gives in expressions: the time of the plan that is being made, else the machine's. */
export const timeNow = (): Date => new Date(time ?? Date.now());

/** While `work` goes on, which must not wait for anything, `now()` is this time. So a plan says the same whenever it is made again. */
export const atTime = <T>(now: Date, work: () => T): T => {
  const before = time;
  time = now;
  try {
    return work();
  } finally {
    time = before;
  }
};
