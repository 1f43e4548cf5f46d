import { BY_HAND, platformRunKey, type Command, type Outcome } from '@stellwerk/contracts';
import type { EventContext, Flow, Retry, Step } from '../src/model.js';
import { advance } from '../src/planning/advance.js';
import { entriesOfMove, entryOfStart, type HistoryEntry } from '../src/planning/history/entries.js';
import { faultsOfHistory } from '../src/planning/history/rebuild-run.js';
import { isFurther } from '../src/planning/apply-platform-run.js';
import type { Effect, Plan, PlanFacts, PlanInput, PlatformRunState, Timer } from '../src/planning/plan.js';
import type { RunRecord } from '../src/planning/run-record.js';
import { snapshotOf } from '../src/planning/snapshot.js';
import { startRun } from '../src/planning/start-run.js';

const NO_RETRY: Retry = { attempts: 1, on: ['failure', 'timeout', 'error'], backoffMs: 10_000, factor: 2, maxMs: 300_000 };

export const step = (name: string, more: Partial<Step> = {}): Step => ({
  name, needs: [], uses: { connection: 'gitlab', action: 'trigger-pipeline' }, with: { project: name }, await: true,
  timeoutMs: 1_800_000, retry: NO_RETRY, ...more,
});

export const retry = (attempts: number, more: Partial<Retry> = {}): Retry => ({ ...NO_RETRY, attempts, ...more });

export const undo = (values: Record<string, unknown> = {}): NonNullable<Step['rollback']> =>
  ({ uses: { connection: 'github', action: 'dispatch-workflow' }, with: values, timeoutMs: 60_000, retry: NO_RETRY });

export const flow = (steps: Step[], more: Partial<Flow> = {}): Flow => ({
  name: 'release', labels: {}, revision: 'r1', file: 'release.yaml',
  on: [{ index: 0, event: ['pipelinerun.finished'], forks: false, allowCircle: false }],
  timeoutMs: 86_400_000, env: {}, steps, onFailure: 'stop', notify: [], ...more,
});

export const event: EventContext = {
  id: 'github:1:pipelinerun.finished', type: 'pipelinerun.finished', fact: 'https://api.github.com/acme/shop/pipelinerun/7/1/finished',
  connection: 'github', platform: 'github', repository: 'acme/shop', branch: 'main', sha: 'a'.repeat(40), outcome: 'success',
  occurredAt: '2026-11-24T08:00:00Z', run: { id: '7', attempt: 1 },
};

const ORIGIN = 'https://platform';

/** One run with everything around it that planning only orders: clock, timers, commands, what platforms told. */
export class World {
  run: RunRecord;
  now = new Date('2026-11-24T08:00:00Z');
  facts: Pick<PlanFacts, 'environments' | 'ledger'>;
  readonly commands = new Map<string, Command>();
  readonly timers = new Map<string, { due: Date; timer: Timer }>();
  readonly effects: Effect[] = [];
  readonly told = new Map<string, PlatformRunState>();
  /** As it would come out of a table. */
  history: HistoryEntry[] = [];
  random = (): number => 0.5;

  constructor(readonly flow: Flow, options: Partial<Pick<PlanFacts, 'environments' | 'ledger'>> & { report?: boolean; event?: EventContext; events?: Record<string, EventContext>; inputs?: Record<string, unknown> } = {}) {
    this.facts = { environments: options.environments ?? {}, ledger: options.ledger ?? {} };
    const reportTo = options.report ? [{ connection: 'github', platform: 'github' } as const] : [];
    const plan = startRun({
      id: 'run', flow, trigger: options.inputs ? { ...flow.on[0]!, index: BY_HAND } : flow.on[0]!, event: options.event ?? event, events: options.events, inputs: options.inputs, connections: { gitlab: 'gitlab', github: 'github', jenkins: 'jenkins' },
      reportTo, chain: { links: 0, flows: [] },
    }, this.planFacts());
    this.run = plan.run;
    this.#note(entryOfStart(plan, { inputs: options.inputs, reportTo }, 'start'));
    this.carryOut(plan);
  }

  #note(...entries: HistoryEntry[]): void {
    this.history.push(...JSON.parse(JSON.stringify(entries)) as HistoryEntry[]);
  }

  /** In what the run is not what its history makes of it. */
  historyFaults(): string[] {
    return faultsOfHistory(this.run, this.flow, this.history);
  }

  planFacts(): PlanFacts {
    return { now: this.now, random: this.random, runUrl: 'http://stellwerk/runs/run', ...this.facts };
  }

  carryOut(plan: Plan): void {
    this.run = plan.run;
    for (const effect of plan.effects) {
      this.effects.push(effect);
      if (effect.kind === 'command') {
        if (this.commands.has(effect.id)) throw new Error(`command ${effect.id} was sent twice`);
        this.commands.set(effect.id, effect.command);
      }
      if (effect.kind === 'set-timer') this.timers.set(effect.key, effect);
      if (effect.kind === 'clear-timer') this.timers.delete(effect.key);
    }
  }

  feed(...inputs: PlanInput[]): Plan {
    const before = this.run;
    const plan = advance(before, this.flow, inputs, this.planFacts());
    if (!plan.refusal) this.#note(...entriesOfMove(before, plan, inputs, 'fed'));
    this.carryOut(plan);
    return plan;
  }

  /** As the router does it: what the platform told before is applied when its run turns out to be ours. */
  accepted(command: string, more: { followed?: boolean; id?: string } = {}): Plan {
    const id = more.id ?? command;
    const key = platformRunKey(ORIGIN, 'any', id);
    const state = this.told.get(key);
    const result = { command, platformRun: { id, attempt: 1, url: `${ORIGIN}/${id}` }, platformRunKey: key, followed: more.followed ?? true };
    return this.feed({ kind: 'accepted', result }, ...(state ? [{ kind: 'platform-run', state } as const] : []));
  }

  rejected(command: string, rejection: 'refused' | 'error', reason = 'no'): Plan {
    return this.feed({ kind: 'rejected', result: { command, rejection, reason } });
  }

  unknown(command: string): Plan {
    return this.feed({ kind: 'unknown', result: { command, reason: 'timeout' } });
  }

  delayed(command: string, reason: string): Plan {
    return this.feed({ kind: 'delayed', result: { command, reason } });
  }

  platform(command: string, predicate: PlatformRunState['predicate'], outcome?: Outcome, more: Partial<PlatformRunState> = {}): Plan {
    const state: PlatformRunState = { key: platformRunKey(ORIGIN, 'any', command), predicate, attempt: 1, at: this.now.toISOString(), outcome, ...more };
    if (isFurther(state, this.told.get(state.key))) this.told.set(state.key, state);
    return this.feed({ kind: 'platform-run', state });
  }

  /** Accepted, and ended at the platform. */
  ends(command: string, outcome: Outcome): void {
    this.accepted(command);
    this.platform(command, 'finished', outcome);
  }

  /** Lets the named clock strike. */
  strike(key: string): Plan {
    const found = this.timers.get(key);
    if (!found) throw new Error(`no timer ${key}; there are ${[...this.timers.keys()].join(', ')}`);
    this.timers.delete(key);
    if (found.due > this.now) this.now = found.due;
    return this.feed({ kind: 'timer', timer: found.timer });
  }

  /** State per step. */
  states(): Record<string, string> {
    return Object.fromEntries(this.run.steps.map(({ name, run }) => [name, run.state]));
  }

  sent(purpose: Command['purpose'] = 'run'): string[] {
    return [...this.commands].filter(([, command]) => command.purpose === purpose).map(([id]) => id.split(':').slice(1).join(':'));
  }

  snapshot() {
    return snapshotOf(this.run, this.flow);
  }
}
