import type { PlannedOutcome } from '../kit/outcomes.js';
import type { Workshop } from '../kit/simulator.js';
import type { Table } from '../kit/store.js';

/** As it was ordered: `operation` of the Application resource. */
export interface OrderedOperation {
  sync: Record<string, unknown>;
  initiatedBy: Record<string, unknown>;
  info?: { name: string; value: string }[];
}

export interface Operation {
  number: number;
  application: string;
  operation: OrderedOperation;
  planned: PlannedOutcome;
  orderedAt: string;
  /** Absent until the controller has taken it up. */
  phase?: 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';
  message?: string;
  startedAt?: string;
  finishedAt?: string;
}

const PICKED_UP_SHARE = 0.2;
const TERMINATE_MILLISECONDS = 50;
const ENDED: readonly (string | undefined)[] = ['Succeeded', 'Failed', 'Error'];

export const hasEnded = ({ phase }: Operation): boolean => ENDED.includes(phase);

/** Operations of applications, the last of each being the one that is shown. */
export class Applications {
  private readonly table: Table<Operation>;

  constructor(
    private readonly workshop: Workshop,
    private readonly announce: (operation: Operation) => void,
  ) {
    this.table = workshop.store.table<Operation>('operations');
  }

  operations(): Operation[] {
    return this.table.values();
  }

  shown(application: string): Operation | undefined {
    return this.table.values().filter((one) => one.application === application).at(-1);
  }

  /** Undefined while another one goes on. */
  order(application: string, operation: OrderedOperation): Operation | undefined {
    const last = this.shown(application);
    if (last && !hasEnded(last)) return undefined;
    const planned = this.workshop.outcomes.take(application, 'Succeeded');
    const ordered = this.put({ number: this.workshop.store.next('operation'), application, operation, planned, orderedAt: new Date().toISOString() });
    this.schedule(ordered);
    return ordered;
  }

  /** False when nothing goes on, or the controller has not taken it up. */
  terminate(application: string): boolean {
    const last = this.shown(application);
    if (last?.phase !== 'Running') return false;
    this.put({ ...last, phase: 'Terminating' });
    this.workshop.timers.after(TERMINATE_MILLISECONDS, () => this.finish(last.number, 'Failed', 'Operation terminated'));
    return true;
  }

  resume(): void {
    for (const operation of this.table.values()) if (!hasEnded(operation)) this.schedule(operation);
  }

  private schedule(operation: Operation): void {
    const { number, planned, orderedAt, phase } = operation;
    const whole = planned.milliseconds ?? this.workshop.runMilliseconds;
    const ordered = Date.parse(orderedAt);
    if (phase === undefined) this.workshop.timers.at(ordered + whole * PICKED_UP_SHARE, () => this.begin(number));
    if (planned.result !== 'never') this.workshop.timers.at(ordered + whole, () => this.finish(number, planned.result as 'Succeeded' | 'Failed' | 'Error', 'one or more objects failed to apply'));
  }

  private begin(number: number): void {
    const operation = this.table.get(number);
    if (operation && operation.phase === undefined) this.announce(this.put({ ...operation, phase: 'Running', startedAt: new Date().toISOString() }));
  }

  private finish(number: number, phase: 'Succeeded' | 'Failed' | 'Error', message: string): void {
    const operation = this.table.get(number);
    if (!operation || hasEnded(operation)) return;
    const now = new Date().toISOString();
    this.announce(this.put({ ...operation, phase, startedAt: operation.startedAt ?? now, finishedAt: now, message: phase === 'Succeeded' ? 'successfully synced (all tasks run)' : message }));
  }

  private put(operation: Operation): Operation {
    return this.table.put(operation.number, operation);
  }
}
