import { eventMessage } from '@stellwerk/messaging';
import { describe, expect, it } from 'vitest';
import { insteadOf } from './instead-of.js';
import { triggerEvent, triggerSubject } from './trigger-event.js';

const commandId = '9b1c1f7e-0000-8000-8000-000000000000:deploy:run:2';
const command = { run: commandId.split(':')[0]!, flow: 'f', step: 'deploy', purpose: 'run', n: 2, connection: 'c', platform: 'github', action: 'a', with: {}, await: true } as const;
const told = (type: 'trigger.accepted' | 'trigger.rejected' | 'trigger.unknown') =>
  ({ ...eventMessage(triggerSubject('github', type), triggerEvent(type, { command, commandId }, { reason: 'x'.repeat(2_000_000) }, new Date())), trace: { traceparent: 't' } });

describe('an event that no broker takes', () => {
  it.each(['trigger.accepted', 'trigger.rejected'] as const)('is told as unknown when it answers a command: %s', (type) => {
    const [message, ...more] = insteadOf(told(type), 'it is too large');
    expect(more).toEqual([]);
    expect(message).toMatchObject({ id: `${commandId}:unknown`, subject: 'events.github.trigger.unknown', trace: { traceparent: 't' } });
    expect(JSON.parse(message!.body)).toMatchObject({
      type: 'dev.stellwerk.trigger.unknown.v1', causationid: commandId, correlationid: command.run,
      data: { command: commandId, run: command.run, step: 'deploy', purpose: 'run', connection: 'c', platform: 'github', reason: `${type} could not be told: it is too large` },
    });
    expect(message!.body.length).toBeLessThan(2_000);
  });

  it('is not told once more when it says unknown already, or is no answer to a command', () => {
    expect(insteadOf(told('trigger.unknown'), 'no')).toEqual([]);
    expect(insteadOf({ id: 'c:health:1', subject: 'events.github.connection.health', body: '{}', headers: {} }, 'no')).toEqual([]);
  });
});
