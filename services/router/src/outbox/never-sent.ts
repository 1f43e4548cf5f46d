import { cloudEvent, subjects, type CloudEvent, type Command, type TriggerResult } from '@stellwerk/contracts';
import type { OutboxMessage } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';

const isCommand = ({ subject }: OutboxMessage): boolean => subject.startsWith('commands.');

/**
 * A command that no broker takes (it is too large, say) never reaches its connector, so nobody else would answer it and
 * its run would wait for ever. It surely did nothing: that is a rejection, not an UNKNOWN.
 */
export const neverSent = (message: OutboxMessage, reason: string): OutboxMessage[] => {
  if (!isCommand(message)) return [];
  const { id, data, correlationid } = JSON.parse(message.body) as CloudEvent<Command>;
  const now = new Date();
  return [eventMessage(subjects.event(data.platform, 'trigger.rejected'), cloudEvent<TriggerResult>({
    id: `${id}:rejected`, source: '/services/router', type: 'trigger.rejected', subject: id, time: now, correlationId: correlationid, causationId: id,
    data: {
      command: id, run: data.run, flow: data.flow, step: data.step, purpose: data.purpose, connection: data.connection, platform: data.platform,
      rejection: 'refused', reason: `the command could not be sent: ${reason}`, occurredAt: now.toISOString(),
    },
  }))];
};
