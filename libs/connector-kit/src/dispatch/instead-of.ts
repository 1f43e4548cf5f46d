import type { CloudEvent, TriggerResult } from '@stellwerk/contracts';
import type { OutboxMessage } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { triggerEvent, triggerSubject } from './trigger-event.js';

const MOST_REASON = 300;

/** A refused message is whole JSON of our own making. */
const eventIn = ({ body }: OutboxMessage): CloudEvent<TriggerResult> => JSON.parse(body) as CloudEvent<TriggerResult>;

/**
 * What is told when the broker takes the answer to a command for no message (too large): that its outcome is unknown, in few words, else
 * its run waits for ever. Nothing in place of other events.
 */
export const insteadOf = (message: OutboxMessage, reason: string, now = new Date()): OutboxMessage[] => {
  const type = /^events\.[^.]+\.(trigger\.(?:accepted|rejected))$/.exec(message.subject)?.[1];
  if (type === undefined) return [];
  const { data } = eventIn(message);
  const { command: commandId, run, flow, step, purpose, connection, platform } = data;
  const command = { run, flow, step, purpose, connection, platform, n: 0, action: '', with: {}, await: false };
  const event = triggerEvent('trigger.unknown', { commandId, command }, { reason: `${type} could not be told: ${reason}`.slice(0, MOST_REASON) }, now);
  return [{ ...eventMessage(triggerSubject(platform, 'trigger.unknown'), event), ...(message.trace && { trace: message.trace }) }];
};

