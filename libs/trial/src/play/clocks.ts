import { adoptClocks, clockKey, clockTriggers, sightingOf, strike, wantedClocks, type Clock, type EventContext, type Flow, type FlowMatch } from '@stellwerk/flows';

/** What a schedule or an absence starts. */
export interface Stroke {
  match: FlowMatch;
  event: EventContext;
}

/** How far the schedules and absences have come in one test: what the router keeps in rows. Their first load is the beginning of the test. */
export class Clocks {
  readonly #triggers: ReadonlyMap<string, FlowMatch>;
  readonly #clocks: Map<string, Clock>;

  constructor(flows: readonly Flow[], now: Date) {
    this.#triggers = clockTriggers(flows);
    this.#clocks = new Map(adoptClocks([], wantedClocks(this.#triggers, now), now).add.map((clock) => [clockKey(clock), clock]));
  }

  /** An event that should not stay away has come; one that happened before the last one changes nothing. */
  saw(event: EventContext, absences: readonly FlowMatch[], now: Date): void {
    for (const { flow, trigger: { absent } } of absences) {
      const key = clockKey({ flow: flow.name, id: absent!.id });
      const [clock, { at, dueAt }] = [this.#clocks.get(key)!, sightingOf(absent!, event, now)];
      if (clock.since < at) this.#clocks.set(key, { ...clock, since: at, dueAt });
    }
  }

  /** When the next one strikes. */
  get next(): Date | undefined {
    return this.#first()?.dueAt ?? undefined;
  }

  /** The next one strikes at its time, however late it is: no test pauses the routers. */
  strike(): Stroke[] {
    const clock = this.#first()!;
    const match = this.#triggers.get(clockKey(clock))!;
    const struck = strike(clock, match.flow, match.trigger, clock.dueAt!);
    this.#clocks.set(clockKey(clock), struck.clock);
    return struck.event ? [{ match, event: struck.event }] : [];
  }

  /** Schedules go on from now: only time that a test lets go by makes them strike, not what runs took. */
  skipTo(now: Date): void {
    for (const [key, clock] of this.#clocks) {
      const { flow, trigger } = this.#triggers.get(key)!;
      if (trigger.schedule && clock.dueAt && clock.dueAt < now) this.#clocks.set(key, strike(clock, flow, trigger, now).clock);
    }
  }

  #first(): Clock | undefined {
    return [...this.#clocks.values()].filter(({ dueAt }) => dueAt).sort((a, b) => a.dueAt!.getTime() - b.dueAt!.getTime())[0];
  }
}
