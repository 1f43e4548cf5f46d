import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import type { Caller } from '../access/caller.js';
import { ProblemError } from '../http/problem.js';
import { StatusConfig } from '../status.config.js';
import { Places } from './places.js';
import { StoredEvents } from './stored-events.js';
import type { TrialKind } from './thread-messages.js';
import { runInThread } from './trial-thread.js';

/** So many threads for lint and tests beside the one for backtests: a replica has few processors, and they are for others too. */
const AT_ONCE = 2;
/** Others wait for their turn: a CI that lints many branches at once is no fault. */
const WAITING = 16;

/** What a person asks to have tried: each in a thread of its own, bounded in number, time and memory. */
@Injectable()
export class TrialDesk implements OnModuleDestroy {
  private readonly log = new Logger(TrialDesk.name);
  private readonly stopping = new AbortController();
  private readonly files = new Places(AT_ONCE, WAITING);
  private readonly backtests = new Places(1, 0);

  constructor(
    private readonly config: StatusConfig,
    private readonly resources: Resources,
    private readonly events: StoredEvents,
  ) {}

  onModuleDestroy(): void {
    this.stopping.abort(new ProblemError(503, 'The status service stops; ask again in a moment.'));
  }

  /** The answer as JSON. `gone`: nobody waits for it any more. @throws ProblemError */
  async run(kind: TrialKind, body: string, { caller, gone }: { caller: Caller; gone: AbortSignal }): Promise<string> {
    const began = performance.now();
    const seconds = kind === 'backtest' ? this.config.backtestSeconds : this.config.trialSeconds;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new ProblemError(422, `It was not done within ${seconds} s: give fewer files${kind === 'backtest' ? ', or a smaller limit' : ''}.`)), seconds * 1_000);
    try {
      const signal = AbortSignal.any([late.signal, gone, this.stopping.signal]);
      const leave = await this.place(kind, signal);
      try {
        return await runInThread({ kind, body, ...(kind === 'backtest' && { inForce: this.inForce() }) }, this.events.walk(), signal);
      } finally {
        leave();
      }
    } finally {
      clearTimeout(timer);
      this.log.log({ kind, person: caller.name, characters: body.length, ms: Math.round(performance.now() - began), late: late.signal.aborted, gone: gone.aborted }, 'trial.ended');
    }
  }

  private async place(kind: TrialKind, signal: AbortSignal): Promise<() => void> {
    const leave = await (kind === 'backtest' ? this.backtests : this.files).take(signal);
    if (leave) return leave;
    throw new ProblemError(503, kind === 'backtest' ? 'Another backtest is carried out here; one is at a time.' : `${AT_ONCE + WAITING} others are before this one; try again in a moment.`);
  }

  private inForce() {
    const { flows, connections } = this.resources.current();
    return { flows: Object.values(flows), connections: Object.fromEntries(Object.values(connections).map(({ name, platform }) => [name, platform])) };
  }
}
