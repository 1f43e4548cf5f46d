import { Injectable } from '@nestjs/common';
import { Command } from '@stellwerk/contracts';
import type { ReceivedMessage } from '@stellwerk/messaging';
import { failpoint, validated } from '@stellwerk/service-kit';
import { ActionRegistry } from './action-registry.js';
import { Admission, type Admitted, type Arrival } from './admission.js';
import { DispatchWorker } from './dispatch.worker.js';
import { CommandEntry } from './enter-commands.js';
import { moment } from './moment.js';
import { CommandSettler } from './settle-command.js';

/** How a replayed message is marked in its message id. */
const REPLAYED = ':replay:';

/** It may be a second order of what is settled. */
const isCareful = ({ n }: Command, { deliveries, headers }: ReceivedMessage): boolean =>
  n > 1 || deliveries > 1 || (headers['nats-msg-id'] ?? '').includes(REPLAYED);

/** Takes commands off the stream: each enters the own table once, then goes out if it can. */
@Injectable()
export class CommandTaker {
  constructor(
    private readonly actions: ActionRegistry,
    private readonly admission: Admission,
    private readonly entry: CommandEntry,
    private readonly worker: DispatchWorker,
    private readonly settler: CommandSettler,
  ) {}

  /** Done when the command is settled or waits in the table, which from then on brings it to its end. */
  async take(message: ReceivedMessage): Promise<void> {
    const event = message.cloudEvent<unknown>();
    const command = validated(Command, event.data);
    const arrival: Arrival = { commandId: event.id, command, trace: message.trace, lane: this.actions.laneOf(command) };
    const careful = isCareful(command, message);
    const admitted = await this.admission.admit(arrival);
    if ('waitMs' in admitted) {
      const { waitMs, ...why } = admitted;
      return this.settler.settle(await this.entry.enter({ ...arrival, ...why, carrier: true, careful, ms: waitMs }), waitMs);
    }
    try {
      await this.#send(arrival, admitted, careful);
    } finally {
      admitted.release();
    }
  }

  async #send(arrival: Arrival, admitted: Admitted, careful: boolean): Promise<void> {
    const { leaseMs, sendWithinMs } = this.worker.limitsOf(arrival.command.connection);
    const since = moment();
    const { exclusive, open, ticket } = admitted;
    const entered = await this.entry.enter({ ...arrival, carrier: open.call.carrier, careful, ms: leaseMs, send: { exclusive } });
    if (entered.kind !== 'sending') return this.settler.settle(entered);
    failpoint('connector.after-intent');
    admitted.became(entered.dispatch);
    ticket.grant(since, sendWithinMs);
    await this.worker.send(entered.dispatch, admitted);
  }
}
