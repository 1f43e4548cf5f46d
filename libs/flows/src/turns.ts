/** Work that may be interrupted at each `yield`, and then gives a `T`: whoever drives it decides how much of it is done in one go. */
export type Turns<T> = Generator<void, T, void>;

/** All of it in one go. */
export const finished = <T>(work: Turns<T>): T => {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
};
