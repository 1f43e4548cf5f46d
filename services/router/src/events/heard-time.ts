/** One event that no router can handle must not stop the clocks of all others. */
const PATIENCE_MS = 600_000;

/** The time until which all events were handled, as it goes on from look to look. Pure. */
export class HeardTime {
  #until = new Date(0);
  #movedAt = new Date(0);

  /** `settled`: what the broker says; undefined: it is away, nothing is heard, and the time stands still. Gives the time. */
  look(settled: Date | undefined, now: Date): Date {
    if (settled === undefined || settled > this.#until) this.#movedAt = now;
    this.#until = settled ?? this.#until;
    return now.getTime() - this.#movedAt.getTime() > PATIENCE_MS ? now : this.#until;
  }
}
