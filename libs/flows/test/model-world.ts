import { FOLLOW_ACTION, platformRunKey, type Command, type Decision, type Outcome } from '@stellwerk/contracts';
import type { Flow } from '../src/model.js';
import { keysOfUnknown } from '../src/planning/apply-retry.js';
import { isFinalStep } from '../src/planning/moves.js';
import type { PlanInput, PlatformRunState } from '../src/planning/plan.js';
import { isLater, isSettled, type Fate, type Truth } from './model-truth.js';
import { World } from './planned-world.js';

export interface News {
  what: string;
  inputs(world: World): PlanInput[];
}

const ORIGIN = 'https://platform';

/** Connectors and platforms around one run: they hold the truth, and the news of it that the router may hear in any order, twice, or late. */
export class ModelWorld {
  readonly world: World;
  readonly truths = new Map<string, Truth>();
  readonly news: News[] = [];
  #told = 0;

  constructor(readonly flow: Flow) {
    this.world = new World(flow);
    this.notice();
  }

  /** Takes note of commands that were sent since. A step's next command must not leave before the one before it is settled. */
  notice(): void {
    for (const [id, command] of this.world.commands) {
      if (this.truths.has(id)) continue;
      if (command.purpose === 'run' || command.purpose === 'rollback') this.#mayLeave(id, command);
      if (command.purpose === 'cancel') this.#orderCancel(command);
      this.truths.set(id, { command, started: false, cancelled: false, writtenOff: false });
    }
  }

  #mayLeave(id: string, command: Command): void {
    if (command.action === FOLLOW_ACTION) return;
    if (command.purpose === 'run' && this.world.run.state === 'rolling-back') throw new Error(`${id} left while the run rolls back`);
    if (command.purpose === 'run') this.#needsEnded(id, command.step);
    for (const [other, truth] of this.truths) {
      const { step, purpose, action } = truth.command;
      if (step !== command.step || purpose !== command.purpose || action === FOLLOW_ACTION) continue;
      if (!isSettled(truth)) throw new Error(`${id} left while ${other} may still run`);
    }
  }

  #needsEnded(id: string, step: string): void {
    for (const need of this.needsOf(step)) {
      const { state } = this.world.run.steps.find(({ name }) => name === need)!.run;
      if (!isFinalStep(state)) throw new Error(`${id} left while ${need}, which it needs, is ${state}`);
    }
  }

  /** As connectors do it: what the command has started is ended, and the run that is named, which has the name of its command here. To end a following ends no run. */
  #orderCancel({ cancels, platformRun }: Command): void {
    for (const id of [cancels, platformRun]) {
      const truth = this.truths.get(id ?? '');
      if (truth && truth.command.action !== FOLLOW_ACTION) truth.cancelled = true;
    }
  }

  open(): string[] {
    return [...this.truths].filter(([, { fate, command }]) => fate === undefined && command.purpose !== 'cancel').map(([id]) => id);
  }

  running(): string[] {
    return [...this.truths].filter(([, { started, ended }]) => started && ended === undefined).map(([id]) => id);
  }

  /** A connector takes the command to its platform. */
  take(id: string, fate: Fate): void {
    const truth = this.truths.get(id)!;
    truth.fate = fate;
    if (truth.command.action === FOLLOW_ACTION) return this.#follow(id, String(truth.command.with.run), fate);
    truth.started = fate.kind === 'starts' || (fate.kind === 'lost' && fate.ran);
    this.#say(`${id} delayed`, () => [{ kind: 'delayed', result: { command: id, reason: 'it is tried again' } }]);
    if (fate.kind === 'starts') this.#say(`${id} accepted`, () => this.#accepted(id, id));
    else if (fate.kind === 'lost') this.#say(`${id} unknown`, () => [{ kind: 'unknown', result: { command: id, reason: 'timeout' } }]);
    else this.#say(`${id} ${fate.kind}`, () => [{ kind: 'rejected', result: { command: id, rejection: fate.kind as 'refused', reason: 'no' } }]);
    // A step that is not awaited is over with its acceptance; what the platform tells of it later is news all the same.
    if (truth.started) for (const predicate of ['queued', 'started'] as const) this.#tell(id, { predicate });
  }

  /** A run is followed where the platform knows it, and says so. */
  #follow(id: string, run: string, { kind }: Fate): void {
    if (this.truths.has(run) && kind !== 'refused') this.#say(`${id} accepted`, () => this.#accepted(id, run));
    else this.#say(`${id} rejected`, () => [{ kind: 'rejected', result: { command: id, rejection: 'refused', reason: 'no such run' } }]);
  }

  /** The platform's run ends. */
  end(id: string, outcome: Outcome): void {
    const truth = this.truths.get(id)!;
    truth.ended = truth.cancelled ? 'cancelled' : outcome;
    this.#tell(id, { predicate: 'finished', outcome: truth.ended });
  }

  #tell(id: string, more: Pick<PlatformRunState, 'predicate' | 'outcome'>): void {
    const at = new Date(Date.UTC(2026, 10, 24, 8) + (this.#told += 1) * 1_000).toISOString();
    const key = platformRunKey(ORIGIN, 'any', id);
    const { fate } = this.truths.get(id)!;
    const state: PlatformRunState = { key, attempt: 1, at, ...more, ...(fate && 'echoes' in fate && fate.echoes && { correlation: id }) };
    this.#say(`${id} ${more.predicate} ${more.outcome ?? ''}`, (world) => {
      if (isLater(state, world.told.get(key))) world.told.set(key, state);
      return [{ kind: 'platform-run', state }];
    });
  }

  /** As the router applies it: what the platform told before is applied when its run turns out to be ours. */
  #accepted(command: string, run: string): PlanInput[] {
    const key = platformRunKey(ORIGIN, 'any', run);
    const told = this.world.told.get(key);
    const result = { command, platformRun: { id: run, attempt: 1 }, platformRunKey: key, followed: this.truths.get(command)!.command.await };
    return [{ kind: 'accepted', result }, ...(told ? [{ kind: 'platform-run', state: told } as const] : [])];
  }

  #say(what: string, inputs: News['inputs']): void {
    this.news.push({ what, inputs });
  }

  /** The router hears it, for the first time or again. */
  hear({ inputs }: News): void {
    this.world.feed(...inputs(this.world));
    this.notice();
  }

  /** A person looks at the platform and says the truth about a step that is UNKNOWN. */
  resolve(step: string): void {
    const record = this.world.run.steps.find(({ name }) => name === step)!;
    const activity = record.rollback?.state === 'unknown' ? record.rollback : record.run;
    const { commands } = activity.attempts.at(-1)!;
    const ran = commands.find((id) => this.truths.get(id)!.started);
    for (const id of commands) if (ran === undefined) this.truths.get(id)!.writtenOff = true;
    if (ran !== undefined) this.truths.get(ran)!.confirmed = true;
    this.world.feed({ kind: 'resolve', step, ran: ran !== undefined, platformRun: ran, by: 'alice' });
    this.notice();
  }

  /** A person names a run that is not there. Where nothing is followed that is the last word of it. */
  misname(step: string): void {
    const { run, rollback } = this.world.run.steps.find(({ name }) => name === step)!;
    const { commands } = (rollback?.state === 'unknown' ? rollback : run).attempts.at(-1)!;
    const { refusal } = this.world.feed({ kind: 'resolve', step, ran: true, platformRun: 'nowhere', by: 'alice' });
    for (const truth of commands.map((id) => this.truths.get(id)!)) if (!refusal && !truth.command.await) truth.confirmed = true;
    this.notice();
  }

  /** A person sends the command of an UNKNOWN once more, under its own id: its connector knows whether it had started something. */
  resend(step: string): void {
    const { run, rollback } = this.world.run.steps.find(({ name }) => name === step)!;
    const { command: id } = (rollback?.state === 'unknown' ? rollback : run).attempts.at(-1)!;
    const truth = this.truths.get(id)!;
    if (this.world.feed({ kind: 'resend', command: id }).refusal) return;
    if (truth.started) this.#say(`${id} accepted`, () => this.#accepted(id, id));
    else delete truth.fate;
    this.notice();
  }

  unknown(): string[] {
    return this.world.run.steps.filter(({ run, rollback }) => run.state === 'unknown' || rollback?.state === 'unknown').map(({ name }) => name);
  }

  /** Approvals that wait for a person. */
  asked(): string[] {
    return this.world.run.steps.flatMap(({ approval }) => (approval?.state === 'requested' ? [approval.id] : []));
  }

  vote(approval: string, decision: Decision): void {
    this.world.feed({ kind: 'vote', approval, decision, by: 'alice', teams: [] });
    this.notice();
  }

  cancel(): void {
    this.world.feed({ kind: 'cancel', by: 'alice' });
    this.notice();
  }

  /** As the router does it: what the platform told of an UNKNOWN after the run's end is applied now. */
  retry(): void {
    const told = keysOfUnknown(this.world.run).flatMap((key) => this.world.told.get(key) ?? []);
    this.world.feed({ kind: 'retry', by: 'alice' }, ...told.map((state) => ({ kind: 'platform-run', state }) as const));
    this.notice();
  }

  rollBack(): void {
    this.world.feed({ kind: 'rollback', by: 'alice' });
    this.notice();
  }

  needsOf(step: string): string[] {
    return this.flow.steps.find(({ name }) => name === step)!.needs;
  }

  /** Commands that may start something at a platform. */
  starting(): string[] {
    return [...this.truths].filter(([, { command }]) => command.purpose !== 'cancel').map(([id]) => id);
  }

  givenUp(): string[] {
    return this.world.effects.flatMap((effect) => (effect.kind === 'give-up' ? [effect.command] : []));
  }

  /** Runs that go on at a platform though ours is over and nobody ordered their end; those that ended UNKNOWN were given up, and said so. */
  forgotten(): string[] {
    const givenUp = this.givenUp();
    return this.running().filter((id) => {
      const { command, cancelled } = this.truths.get(id)!;
      return command.await && !cancelled && !givenUp.includes(id);
    });
  }

  strike(key: string): void {
    this.world.strike(key);
    this.notice();
  }
}
