import { Inject, Injectable } from '@nestjs/common';
import { inSpan, type Attributes } from '@stellwerk/service-kit';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { decideLooked, decideSent, type Circumstances, type Decision } from './decide.js';
import { DispatchRepository, type DueDispatch } from './dispatch.repository.js';
import type { Claim, Dispatch } from './dispatch.types.js';
import { DispatchLookUp } from './look-up-dispatch.js';
import { runKeyOn, type OpenCall } from './open-call.js';
import { OutcomeRecorder, type Recorded } from './record-outcome.js';
import { DispatchSender } from './send-dispatch.js';

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

/** Moves one due dispatch one step on: sends it, or looks up what became of it. */
@Injectable()
export class DispatchAdvancer {
  constructor(
    private readonly dispatches: DispatchRepository,
    private readonly sender: DispatchSender,
    private readonly lookUp: DispatchLookUp,
    private readonly recorder: OutcomeRecorder,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  /** @returns what came of it; undefined when it was not due or somebody else holds it */
  async advance(due: DueDispatch): Promise<Step | undefined> {
    const claim = await this.dispatches.claim(due.commandId, this.sender.limitsOf(due.connection).leaseMs);
    if (!claim) return undefined;
    const { dispatch, was } = claim;
    return inSpan(`dispatch ${dispatch.command.action}`, { parent: dispatch.trace, attributes: attributesOf(dispatch, was) }, async () => this.#step(claim));
  }

  async #step({ dispatch, was }: Claim): Promise<Step> {
    if (was === 'PENDING' || (was === 'DISPATCHING' && !dispatch.sentAt)) return this.#send(dispatch);
    if (was === 'DISPATCHING') return this.#recover(dispatch);
    return this.#look(dispatch);
  }

  async #send(dispatch: Dispatch): Promise<Step> {
    const sent = await this.sender.send(dispatch);
    if (!sent) return { recorded: 'fenced' };
    return this.#record(dispatch, (of) => decideSent(sent.outcome, dispatch, of), sent.open);
  }

  /** Its owner died, or was held up past its lease, after "sent" was marked: it may have arrived. */
  async #recover(dispatch: Dispatch): Promise<Step> {
    const ended = new Date(dispatch.sentAt!.getTime() + this.sender.limitsOf(dispatch.connection).timeoutMs);
    const outcome = this.sender.asOutcome(dispatch, 'the connector ended while it was sending');
    return this.#record(dispatch, (of) => {
      const decision = decideSent(outcome, dispatch, of);
      return decision.change.nextAt === null ? decision : { ...decision, change: { ...decision.change, calledAt: ended, nextAt: of.now } };
    });
  }

  async #look(dispatch: Dispatch): Promise<Step> {
    const { looked, open } = await this.lookUp.look(dispatch);
    const step = await this.#record(dispatch, (of) => decideLooked(looked, dispatch, of), open);
    if (step.recorded !== 'run-taken') return step;
    return this.#record(dispatch, (of) => decideLooked({ kind: 'cannot', reason: TAKEN }, dispatch, of), open);
  }

  async #record(dispatch: Dispatch, decide: (of: Circumstances) => Decision, open?: OpenCall): Promise<Step> {
    const connection = open?.call.connection;
    const decision = decide({
      now: this.dispatches.now(), timing: this.timing, follows: open?.action.follows ?? true, pollEveryMs: connection?.poll.everyMs ?? this.timing.follow.firstMs,
      keyOf: (run) => (connection ? runKeyOn(connection, run) : run.id),
    });
    const recorded = await this.recorder.record(dispatch, decision);
    return { recorded, lane: recorded === 'written' && touchesLane(decision) ? dispatch.lane : undefined };
  }
}
