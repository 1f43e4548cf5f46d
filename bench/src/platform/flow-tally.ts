/** [number of the webhook that started it, when its first dispatch arrived, dispatches]. */
export type FlowSeen = [number, number, number];

interface Flow {
  firstAt: number;
  started: number;
  ended: number;
}

/** What became of each webhook, as the platform sees it. */
export class FlowTally {
  stepsPerFlow = 1;
  /** Flows whose last step has ended. */
  done = 0;
  #flows = new Map<number, Flow>();

  started(origin: number, at: number): void {
    const flow = this.#flows.get(origin);
    if (flow) flow.started += 1;
    else this.#flows.set(origin, { firstAt: at, started: 1, ended: 0 });
  }

  ended(origin: number): void {
    const flow = this.#flows.get(origin);
    if (!flow) return;
    flow.ended += 1;
    if (flow.ended === this.stepsPerFlow) this.done += 1;
  }

  take(): FlowSeen[] {
    const seen = [...this.#flows].map(([origin, { firstAt, started }]): FlowSeen => [origin, firstAt, started]);
    this.#flows = new Map();
    return seen;
  }
}
