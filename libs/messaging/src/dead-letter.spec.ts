import type { JsMsg } from '@nats-io/jetstream';
import { CONSUMERS, cloudEvent, type TriggerResult } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { deadLetter, unknownTrigger } from './dead-letter.js';
import { natsHeaders } from './publisher.js';

const NOW = new Date('2026-01-02T03:04:05Z');
const consumer = (name: string) => CONSUMERS.find((one) => one.name === name)!;
const commands = consumer('gitlab-connector-commands');

const message = (body: string, headers: Record<string, string>, subject = 'commands.gitlab.main.trigger-pipeline'): JsMsg =>
  ({ subject, data: Buffer.from(body), headers: natsHeaders(headers), seq: 42, info: { deliveryCount: 21 } }) as unknown as JsMsg;

const command = cloudEvent({
  id: 'run1:build:run:1', source: '/services/router', type: 'command', subject: 'run1', time: NOW, correlationId: 'run1', causationId: 'e',
  data: { run: 'run1', flow: 'release', step: 'build' },
});

describe('a dead letter', () => {
  const dead = deadLetter(message('{broken', { 'Nats-Msg-Id': 'm', traceparent: 't' }), commands, 'no\nuse', NOW);

  it('holds the bytes and headers as they came', () => {
    expect(Buffer.from(dead.body as Uint8Array).toString()).toBe('{broken');
    expect(dead.headers).toMatchObject({ 'Nats-Msg-Id': 'm', traceparent: 't' });
  });

  it('tells why, where, when and how often', () => {
    expect(dead.subject).toBe('dead-letters.COMMANDS.gitlab-connector-commands');
    expect(dead.headers).toMatchObject({
      'dead-letter-reason': 'no\nuse', 'dead-letter-stream': 'COMMANDS', 'dead-letter-consumer': 'gitlab-connector-commands',
      'dead-letter-subject': 'commands.gitlab.main.trigger-pipeline', 'dead-letter-deliveries': '21', 'dead-letter-at': NOW.toISOString(),
      'dead-letter-sequence': '42', 'dead-letter-message-id': 'm',
    });
  });

  it('has the same id however often the message is given up', () => {
    expect(dead.id).toBe('dead:gitlab-connector-commands:42');
  });

  it('cannot break out of a header by a reason with line breaks', () => {
    expect(natsHeaders(dead.headers!).get('dead-letter-reason')).toBe('no use');
  });
});

describe('a command that is given up', () => {
  const tell = (body: string, headers = {}) => unknownTrigger(message(body, headers), commands, 'poison', NOW);

  it('tells the router, so that its run does not hang', () => {
    const told = tell(JSON.stringify(command))!;
    expect(told.subject).toBe('events.gitlab.trigger.unknown');
    expect(told.id).toBe('run1:build:run:1:unknown');
    const event = JSON.parse(told.body as string) as { correlationid: string; causationid: string; data: TriggerResult };
    expect(event).toMatchObject({ correlationid: 'run1', causationid: 'run1:build:run:1', source: '/services/gitlab-connector' });
    expect(event.data).toEqual({
      command: 'run1:build:run:1', run: 'run1', flow: 'release', step: 'build', purpose: 'run', connection: 'main', platform: 'gitlab',
      reason: 'the command was given up: poison', occurredAt: NOW.toISOString(),
    });
  });

  it('is recognised by its message id when its body is unreadable', () => {
    expect(tell('{broken', { 'Nats-Msg-Id': 'run1:build:rollback:2' })!.id).toBe('run1:build:rollback:2:unknown');
  });

  it('tells nothing when it cannot be known whose it was', () => {
    expect(tell('{broken')).toBeUndefined();
    expect(tell('{"id": 7, "data": null}')).toBeUndefined();
  });

  it('is no matter of other streams', () => {
    const other = unknownTrigger(message(JSON.stringify(command), {}), consumer('router-events'), 'poison', NOW);
    expect(other).toBeUndefined();
  });
});
