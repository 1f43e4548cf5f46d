import { Inject, Injectable } from '@nestjs/common';
import type { Outputs } from '@stellwerk/contracts';
import { inSpan, type Attributes } from '@stellwerk/service-kit';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { DatabaseTime } from './database-time.js';
import { decideLooked, decideSent, type Circumstances, type Decision, type SendOutcome } from './decide.js';
import type { Claim, Dispatch } from './dispatch.types.js';
import { giveOutputs, outputsToKeep } from './give-outputs.js';
import { DispatchLookUp } from './look-up-dispatch.js';
import { runKeyOn, type OpenCall } from './open-call.js';
import { SendPreparer, type Prepared } from './prepare-send.js';
import { OutcomeRecorder, type Recorded } from './record-outcome.js';
import { DispatchSender } from './send-dispatch.js';
import { tellDelay } from './tell-delay.js';

const TAKEN = 'the only run that could be ours belongs to another command';

export interface Step {
  recorded: Recorded;
  /** The lane whose next dispatch may perhaps go now. */
  lane?: string;
}

/** True when no run can be mistaken for this dispatch's any longer, or when it has just begun to wait for its lane. */
const touchesLane = ({ change, event }: Decision): boolean =>
  change.laneWait === true || change.state === 'FAILED' || event?.type === 'trigger.unknown' || (change.state === 'TRIGGERED' && (change.run !== undefined || change.handle !== undefined));

const attributesOf = ({ commandId, connection, attempt }: Dispatch, was: string): Attributes =>
  ({ 'stellwerk.command.id': commandId, 'stellwerk.connection': connection, 'stellwerk.dispatch.attempt': attempt, 'stellwerk.dispatch.state': was });

const followsOf = ({ action, call }: OpenCall): boolean => action.followsFor?.(call.command) ?? action.follows;

/** Moves one dispatch that is ours one step on: sends it, or looks up what became of it. */
@Injectable()
export class DispatchAdvancer {
  constructor(
    private readonly preparer: SendPreparer,
    private readonly sender: DispatchSender,
    private readonly lookUp: DispatchLookUp,
    private readonly recorder: OutcomeRecorder,
    private readonly time: DatabaseTime,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  /** A dispatch that was claimed from the table. */
  async advance({ dispatch, was }: Claim): Promise<Step> {
    return this.#traced(dispatch, was, () => this.#step(dispatch, was));
  }

  /** A dispatch that has just entered the table as being sent. */
  async send(dispatch: Dispatch, ready: Prepared): Promise<Step> {
    return this.#traced(dispatch, 'PENDING', async () => {
      const outcome = await this.sender.send(dispatch, ready);
      ready.sent();
      const step = await this.#recordSent(dispatch, outcome, ready.open);
      if (outcome) await this.sender.learn(ready, outcome);
      return step;
    });
  }

  limitsOf(connection: string): { leaseMs: number; sendWithinMs: number } {
    return this.sender.limitsOf(connection);
  }

  #traced<T>(dispatch: Dispatch, was: string, work: () => Promise<T>): Promise<T> {
    return inSpan(`dispatch ${dispatch.command.action}`, { parent: dispatch.trace, attributes: attributesOf(dispatch, was) }, work);
  }

  async #step(dispatch: Dispatch, was: Claim['was']): Promise<Step> {
    if (was === 'PENDING' || (was === 'DISPATCHING' && !dispatch.sentAt)) return this.#sendClaimed(dispatch);
    if (was === 'DISPATCHING') return this.#recover(dispatch);
    return this.#look(dispatch);
  }

  async #sendClaimed(dispatch: Dispatch): Promise<Step> {
    const ready = await this.#makeReady(dispatch);
    if ('kind' in ready) return this.#recordSent(dispatch, ready);
    try {
      return await this.send(dispatch, ready);
    } finally {
      ready.release();
    }
  }

  /** @returns how it ended, when it ends before it is sent */
  async #makeReady(dispatch: Dispatch): Promise<Prepared | SendOutcome> {
    try {
      return await this.preparer.prepare({ of: dispatch, dispatch: () => dispatch, most: Infinity });
    } catch (error) {
      return this.sender.outcomeOf(error, dispatch, false)!;
    }
  }

  async #recordSent(dispatch: Dispatch, outcome: SendOutcome | undefined, open?: OpenCall): Promise<Step> {
    if (!outcome) return { recorded: 'fenced' };
    const there: SendOutcome = outcome.kind === 'again' && outcome.at ? { ...outcome, at: this.time.there(outcome.at) } : outcome;
    return this.#record(dispatch, (of) => decideSent(there, dispatch, of), open, there.kind === 'accepted' ? there.outputs : undefined);
  }

  /**
   * Its owner died, or was held up past its lease, after "sent" was committed: it may have arrived. The owner began no call later than
   * its ticket was good, and ended it one time limit later.
   */
  async #recover(dispatch: Dispatch): Promise<Step> {
    const { timeoutMs, sendWithinMs } = this.sender.limitsOf(dispatch.connection);
    const ended = new Date(dispatch.sentAt!.getTime() + sendWithinMs + timeoutMs);
    const outcome = this.sender.asOutcome(dispatch, 'the connector ended while it was sending');
    return this.#record(dispatch, (of) => {
      const decision = decideSent(outcome, dispatch, of);
      return decision.change.nextAt === null ? decision : { ...decision, change: { ...decision.change, calledAt: ended, nextAt: of.now } };
    });
  }

  async #look(dispatch: Dispatch): Promise<Step> {
    const { looked, open } = await this.lookUp.look(dispatch);
    const step = await this.#record(dispatch, (of) => decideLooked(looked, dispatch, of), open, looked.kind === 'found' ? looked.outputs : undefined);
    if (step.recorded !== 'run-taken') return step;
    return this.#record(dispatch, (of) => decideLooked({ kind: 'cannot', reason: TAKEN }, dispatch, of), open);
  }

  async #record(dispatch: Dispatch, decide: (of: Circumstances) => Decision, open?: OpenCall, outputs?: Outputs): Promise<Step> {
    const connection = open?.call.connection;
    const of: Circumstances = {
      now: this.time.now(), timing: this.timing, follows: open ? followsOf(open) : true, pollEveryMs: connection?.poll.everyMs ?? this.timing.follow.firstMs,
      keyOf: (run) => (connection ? runKeyOn(connection, run) : run.id),
    };
    const decided = tellDelay(decide(of), dispatch, of);
    const given = open && outputsToKeep(outputs, () => open.secrets());
    const decision = giveOutputs(decided, given ?? dispatch.outputs, (run) => open?.action.outputsOf?.(run, dispatch.command));
    const recorded = await this.recorder.record(dispatch, decision);
    return { recorded, lane: recorded === 'written' && touchesLane(decision) ? dispatch.lane : undefined };
  }
}
