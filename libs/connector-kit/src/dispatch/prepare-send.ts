import { Inject, Injectable } from '@nestjs/common';
import { LaneBusy, NoRoom } from '../calls/call.errors.js';
import type { Release } from '../calls/semaphore.js';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import type { Dispatch } from './dispatch.types.js';
import { LaneQueue } from './lane-queue.js';
import { CallOpener, type Callable, type OpenCall } from './open-call.js';
import { DispatchSender, type ReadySend } from './send-dispatch.js';

/** Ready to be sent: what it takes is taken. */
export interface Prepared extends ReadySend {
  /** It must be alone in its lane. */
  exclusive: boolean;
  /** Gives back the room on the way out, as soon as the call is over. */
  sent(): void;
  /** Gives back that and the lane, when the outcome is written. */
  release(): void;
}

export interface Preparation {
  of: Callable & Pick<Dispatch, 'lane'>;
  /** The dispatch, as soon as there is one: what a further mark "sent" is written on. */
  dispatch: () => Dispatch;
  /** So many may wait for room on the way out. */
  most: number;
}

/** Gets together what a send needs: the call itself, the lane where it has to be alone, and then room on the connection's way out. */
@Injectable()
export class SendPreparer {
  constructor(
    private readonly opener: CallOpener,
    private readonly lanes: LaneQueue,
    private readonly sender: DispatchSender,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  /** @throws NotReady, LaneBusy, NoRoom, PermanentError, ReadFailed */
  async prepare({ of, dispatch, most }: Preparation): Promise<Prepared> {
    const [rooms, lanes]: [Release[], Release[]] = [[], []];
    const progress = { exclusive: true };
    let open: OpenCall | undefined;
    const ticket = this.sender.ticketFor(() => ({ dispatch: dispatch(), carrier: open!.call.carrier, exclusive: progress.exclusive }));
    const sent = (): void => rooms.splice(0).forEach((give) => give());
    const release = (): void => {
      sent();
      lanes.splice(0).forEach((give) => give());
    };
    try {
      open = await this.opener.open(of, ticket);
      progress.exclusive = await this.#enterLane(of.lane, open, lanes);
      rooms.push(await this.#room(open, most));
      return { open, ticket, exclusive: progress.exclusive, sent, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async #room({ call }: OpenCall, most: number): Promise<Release> {
    const room = await call.calls.reserve({ waitMs: this.timing.admission.waitMs, most });
    if (!room) throw new NoRoom();
    return room;
  }

  /** @returns whether it has to be alone: what it waited for may have shown that it need not, or that our id is not taken */
  async #enterLane(lane: string, open: OpenCall, taken: Release[]): Promise<boolean> {
    const { action, call } = open;
    if (!(await action.exclusive(call))) return false;
    const leave = await this.lanes.enter(lane, this.timing.admission);
    if (!leave) throw new LaneBusy();
    taken.push(leave);
    call.carrier = await this.opener.mayCarry(open);
    return action.exclusive(call);
  }
}
