import type { Outputs, TriggerEventType } from '@stellwerk/contracts';
import { backoff, backoffCeiling } from '@stellwerk/service-kit';
import type { Looked, Repeated, StartedRun } from '../adapter.js';
import type { Timing } from '../timing.js';
import { judgeAbsence } from './absence.js';
import type { DispatchChange } from './dispatch.row.js';
import type { Dispatch } from './dispatch.types.js';
import type { TriggerOutcome } from './trigger-event.js';

/** How one send ended. */
export type SendOutcome =
  | { kind: 'accepted'; run?: StartedRun; handle?: string; note?: string; untold?: boolean; outputs?: Outputs; repeats?: Repeated }
  | { kind: 'refused'; reason: string }
  | { kind: 'error'; reason: string }
  /** Nothing was done; to be sent (again) at `at`, or after a wait that grows from `waitMs`. */
  | { kind: 'again'; reason: string; at?: Date; waitMs?: number }
  | { kind: 'lane-busy'; reason: string }
  | { kind: 'carrier-refused'; reason: string }
  /** `at`: no call before that. */
  | { kind: 'unknown'; reason: string; at?: Date };

export interface Decision {
  change: DispatchChange;
  event?: { type: TriggerEventType; outcome: TriggerOutcome };
  /** Follow this run to its end; the first look comes so soon. */
  watch?: { run: StartedRun; runKey: string; firstPollMs: number };
}

export interface Circumstances {
  now: Date;
  timing: Timing;
  /** The action has a run to follow. */
  follows: boolean;
  /** `platformRunKey` of a run. */
  keyOf(run: Pick<StartedRun, 'repository' | 'id'>): string;
  /** `poll.every` of the connection. */
  pollEveryMs: number;
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

const isFollowed = (dispatch: Dispatch, of: Circumstances): boolean => of.follows && dispatch.command.await;

const accepted = (dispatch: Dispatch, run: StartedRun | undefined, of: Circumstances, repeats?: Repeated): Decision => {
  const followed = run !== undefined && isFollowed(dispatch, of);
  const key = run && of.keyOf(run);
  return {
    change: { state: 'TRIGGERED', nextAt: null, run, runKey: key, reason: null },
    event: {
      type: 'trigger.accepted',
      outcome: {
        followed, repository: run?.repository, pipeline: run?.pipeline, platformRunKey: key,
        platformRun: run && { id: run.id, attempt: run.attempt, number: run.number, url: run.url },
        ...(repeats && { repeats: { key: of.keyOf(repeats), attempt: repeats.attempt, after: repeats.after } }),
      },
    },
    watch: followed && key !== undefined ? { run, runKey: key, firstPollMs: Math.min(of.timing.follow.firstMs, of.pollEveryMs) } : undefined,
  };
};

export const rejected = (rejection: 'refused' | 'error', reason: string): Decision => ({
  change: { state: 'FAILED', nextAt: null, reason },
  event: { type: 'trigger.rejected', outcome: { rejection, reason } },
});

const again = (dispatch: Dispatch, { reason, at, waitMs }: Extract<SendOutcome, { kind: 'again' }>, { now, timing }: Circumstances): Decision => {
  const { resend } = timing;
  const baseMs = waitMs ?? resend.baseMs;
  if (now.getTime() - dispatch.createdAt.getTime() > resend.giveUpAfterMs) return rejected('error', `given up after ${Math.round(resend.giveUpAfterMs / 60_000)} min: ${reason}`);
  // A cancel mostly waits for the command that it is about: it must not come a minute after that.
  const more = dispatch.command.purpose === 'cancel' ? 0 : backoff({ attempt: dispatch.attempt, baseMs, factor: resend.factor, maxMs: resend.maxMs });
  const wait = baseMs + more;
  return { change: { state: 'PENDING', nextAt: at ?? later(now, wait), reason } };
};

/** Taken by the platform, but which run it is has still to be told. */
const acceptedUnseen = (outcome: { handle?: string; note?: string }, { now, timing }: Circumstances): Decision => ({
  change: { state: 'TRIGGERED', nextAt: later(now, timing.resolve.firstMs), handle: outcome.handle, calledAt: now, absentAt: null, looks: 0, reason: outcome.note ?? null },
});

/** What a send's end means for the dispatch. */
export const decideSent = (outcome: SendOutcome, dispatch: Dispatch, of: Circumstances): Decision => {
  const { now, timing } = of;
  switch (outcome.kind) {
    case 'accepted':
      return outcome.run || outcome.untold || !of.follows ? accepted(dispatch, outcome.run, of, outcome.repeats) : acceptedUnseen(outcome, of);
    case 'refused':
    case 'error':
      return rejected(outcome.kind, outcome.reason);
    case 'again':
      return again(dispatch, outcome, of);
    case 'lane-busy':
      return { change: { state: 'PENDING', nextAt: later(now, backoffCeiling({ attempt: dispatch.attempt, ...timing.lane })), laneWait: true, reason: outcome.reason } };
    case 'carrier-refused':
      return { change: { state: 'PENDING', nextAt: now, carrier: false, reason: outcome.reason } };
    case 'unknown':
      return { change: { state: 'UNKNOWN', nextAt: later(now, timing.lookUp.firstMs), calledAt: now, absentAt: null, looks: 0, reason: outcome.reason } };
  }
};

const unknownTold = (dispatch: Dispatch, reason: string, of: Circumstances): Pick<Decision, 'event'> & { change: Partial<DispatchChange> } => {
  const since = of.now.getTime() - (dispatch.calledAt ?? of.now).getTime();
  if (dispatch.unknownToldAt || since < of.timing.lookUp.tellAfterMs) return { change: {} };
  return { change: { unknownToldAt: of.now }, event: { type: 'trigger.unknown', outcome: { reason } } };
};

/** Not told yet by this look: look again later, and tell a person when it takes long. */
const lookAgain = (dispatch: Dispatch, reason: string, of: Circumstances): Decision => {
  const { now, timing: { lookUp, resolve } } = of;
  const told = unknownTold(dispatch, reason, of);
  if (told.event && dispatch.state === 'TRIGGERED' && !isFollowed(dispatch, of)) return accepted(dispatch, undefined, of);
  const first = dispatch.state === 'TRIGGERED' ? resolve.firstMs : lookUp.firstMs;
  const factor = dispatch.state === 'TRIGGERED' ? resolve.factor : 2;
  const ceiling = dispatch.state === 'TRIGGERED' && !dispatch.unknownToldAt ? resolve.maxMs : lookUp.maxGapMs;
  const wait = Math.min(ceiling, first * factor ** dispatch.looks);
  const over = now.getTime() - (dispatch.calledAt ?? now).getTime() > lookUp.endAfterMs;
  return { change: { state: dispatch.state, nextAt: over ? null : later(now, wait), looks: dispatch.looks + 1, reason, ...told.change }, event: told.event };
};

/** The platform lists no run of ours. */
const absent = (dispatch: Dispatch, of: Circumstances): Decision => {
  // An answer without a run id is proof that it was taken: such a run is late or out of sight, never absent.
  if (dispatch.state === 'TRIGGERED') return lookAgain(dispatch, 'the platform took it, but its run is not to be found', of);
  const verdict = judgeAbsence({ now: of.now, calledAt: dispatch.calledAt ?? of.now, absentAt: dispatch.absentAt }, of.timing.lookUp);
  if (!verdict.sure) return { change: { state: 'UNKNOWN', nextAt: verdict.lookAgainAt, absentAt: verdict.absentAt, looks: dispatch.looks + 1 } };
  // A person was asked already and may have started it by hand.
  if (dispatch.unknownToldAt) return rejected('error', 'two look-ups agree that the platform never started it');
  return { change: { state: 'PENDING', nextAt: of.now, absentAt: null, looks: 0, reason: 'two look-ups agree that it never arrived' } };
};

/** The platform has it, and nothing has come of it yet. */
const waiting = ({ state, looks }: Dispatch, reason: string | undefined, { now, timing: { resolve } }: Circumstances): Decision =>
  ({ change: { state, nextAt: later(now, Math.min(resolve.maxMs, resolve.firstMs * resolve.factor ** looks)), looks: looks + 1, ...(reason !== undefined && { reason }) } });

/** What a look-up found means for the dispatch. */
export const decideLooked = (looked: Looked, dispatch: Dispatch, of: Circumstances): Decision => {
  switch (looked.kind) {
    case 'found':
      return looked.run || !of.follows ? accepted(dispatch, looked.run, of, looked.repeats) : acceptedUnseen(looked, of);
    case 'dropped':
      return rejected('error', looked.reason);
    case 'absent':
      return absent(dispatch, of);
    case 'waiting':
      return waiting(dispatch, looked.reason, of);
    case 'cannot':
      return lookAgain(dispatch, looked.reason, of);
  }
};
