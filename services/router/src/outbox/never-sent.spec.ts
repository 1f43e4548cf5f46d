import { cloudEvent, type Command } from '@stellwerk/contracts';
import { eventMessage } from '@stellwerk/messaging';
import { describe, expect, it } from 'vitest';
import { neverSent } from './never-sent.js';

const command: Command = { run: 'r', flow: 'f', step: 'go', purpose: 'run', n: 1, connection: 'gitlab', platform: 'gitlab', action: 'trigger-pipeline', with: {}, await: true };
const message = (subject: string) => eventMessage(subject, cloudEvent({
  id: 'r:go:run:1', source: '/services/router', type: 'command.trigger-pipeline', subject: 'r', time: new Date(), correlationId: 'r', causationId: 'e', data: command,
}));

describe('a message that no broker takes', () => {
  it('that is a command is answered by us: it was refused, and why', () => {
    const [told] = neverSent(message('commands.gitlab.gitlab.trigger-pipeline'), 'too large');
    expect(told).toMatchObject({ id: 'r:go:run:1:rejected', subject: 'events.gitlab.trigger.rejected' });
    expect((JSON.parse(told!.body) as { data: unknown }).data).toMatchObject({ command: 'r:go:run:1', run: 'r', rejection: 'refused', reason: 'the command could not be sent: too large' });
  });

  it('that is an event is only set aside', () => {
    expect(neverSent(message('events.router.run.started'), 'too large')).toEqual([]);
  });
});
