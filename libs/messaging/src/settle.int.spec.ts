import { jetstream } from '@nats-io/jetstream';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { MAX_DELIVERIES, cloudEvent, commandId, subjects } from '@stellwerk/contracts';
import { PermanentError } from '@stellwerk/service-kit';
import { startTestNats, waitFor, type TestNats } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { declareOn, someEvent, startMessaging } from '../spec/messaging-rig.js';
import { JETSTREAM, ReceivedMessage, connectNats, eventMessage } from './index.js';

const COMMAND = commandId('run1', 'build', 'run', 1);
const command = eventMessage(subjects.command('gitlab', 'main', 'trigger-pipeline'), cloudEvent({
  id: COMMAND, source: '/services/router', type: 'command.issued', subject: 'run1', time: new Date(), correlationId: 'run1', causationId: 'e',
  data: { run: 'run1', flow: 'release', step: 'build' },
}));
const event = eventMessage('events.gitlab.pipelinerun.finished', someEvent('e1'));

let seen: string[];
let act: (message: ReceivedMessage) => Promise<void>;

@Controller()
class GitlabConsumer {
  @EventPattern<string>('gitlab-connector-commands', JETSTREAM)
  async command(@Payload() message: ReceivedMessage): Promise<void> {
    await act(message);
  }

  @EventPattern<string>('gitlab-connector-events', JETSTREAM)
  async event(@Payload() message: ReceivedMessage): Promise<void> {
    await act(message);
  }
}

@Controller()
class SecondConsumer {
  @EventPattern<string>('gitlab-connector-events', JETSTREAM)
  async again(): Promise<void> {}
}

describe('the end of a delivery', () => {
  let nats: TestNats;
  const start = (...controllers: (typeof GitlabConsumer)[]) => startMessaging(nats.url, 'gitlab-connector', controllers);

  beforeEach(async () => {
    seen = [];
    act = async (message) => { seen.push(message.headers['nats-msg-id']!); };
    nats = await startTestNats();
    await declareOn(nats.url);
  });

  afterEach(() => nats.stop());

  it('a command given up tells the router, so that its run does not hang', async () => {
    act = async () => { throw new PermanentError('no such connection'); };
    const rig = await start(GitlabConsumer);
    await rig.publisher.publish(command);
    const [told] = await waitFor(async () => {
      const events = await rig.stored('EVENTS');
      return events.length > 0 && events;
    }, { what: 'trigger.unknown' });
    expect(told!.subject).toBe('events.gitlab.trigger.unknown');
    expect(told!.json()).toMatchObject({ data: { command: COMMAND, run: 'run1', reason: 'the command was given up: no such connection' } });
    expect(await rig.stored('DEAD_LETTERS')).toHaveLength(1);
    await rig.stop();
  });

  it('a message so large that its dead letter would be no message any more is buried without its bytes, which its stream has', async () => {
    act = async () => { throw new PermanentError('no use'); };
    const connection = await connectNats('test', nats.url);
    const largest = connection.info!.max_payload;
    const { seq } = await jetstream(connection).publish(event.subject, Buffer.alloc(largest - 100, 'x'), { msgID: 'large' });
    const rig = await start(GitlabConsumer);
    const [dead] = await waitFor(async () => {
      const found = await rig.stored('DEAD_LETTERS');
      return found.length > 0 && found;
    }, { what: 'the dead letter' });
    expect(dead!.data).toHaveLength(0);
    expect(dead!.header.get('dead-letter-body-left')).toBe(String(largest - 100));
    expect(dead!.header.get('dead-letter-sequence')).toBe(String(seq));
    await waitFor(async () => (await rig.consumer('EVENTS', 'gitlab-connector-events')).ackPending === 0, { what: 'the original to be settled' });
    await connection.close();
    await rig.stop();
  });

  it('a message that was delivered too often is dead before anyone looks at it', async () => {
    const connection = await connectNats('killer', nats.url);
    const js = jetstream(connection);
    await js.publish(event.subject, event.body, { msgID: event.id });
    const consumer = await js.consumers.get('EVENTS', 'gitlab-connector-events');
    for (let delivery = 1; delivery <= MAX_DELIVERIES; delivery += 1) (await consumer.next({ expires: 5_000 }))!.nak();
    await connection.flush();
    await connection.close();
    const rig = await start(GitlabConsumer);
    const [dead] = await waitFor(async () => {
      const letters = await rig.stored('DEAD_LETTERS');
      return letters.length > 0 && letters;
    }, { what: 'the dead letter' });
    expect(dead!.header.get('dead-letter-deliveries')).toBe(String(MAX_DELIVERIES + 1));
    expect(seen).toEqual([]);
    await rig.stop();
  });

  it('a stopping service lets held messages finish and gives back what has not begun', async () => {
    const gate = Promise.withResolvers<void>();
    act = async (message) => {
      seen.push(message.headers['nats-msg-id']!);
      await gate.promise;
    };
    const rig = await start(GitlabConsumer);
    await rig.publisher.publish(event);
    await waitFor(() => seen.length === 1, { what: 'the handler' });
    const stopped = rig.stop();
    gate.resolve();
    await stopped;
    expect(await rig.consumer('EVENTS', 'gitlab-connector-events')).toEqual({ ackPending: 0, pending: 0, delivered: 1 });
  });

  it('a service that was away finds what came meanwhile', async () => {
    const first = await start(GitlabConsumer);
    await first.stop();
    const connection = await connectNats('sender', nats.url);
    await jetstream(connection).publish(event.subject, event.body, { msgID: event.id });
    await connection.close();
    const second = await start(GitlabConsumer);
    await waitFor(() => seen.includes('e1'), { what: 'the message' });
    await second.stop();
  });

  it('a wrong set of handlers is refused at start, and named', async () => {
    await expect(start(GitlabConsumer, SecondConsumer as never)).rejects.toThrow('gitlab-connector-events has more than one handler');
    await expect(start(SecondConsumer as never)).rejects.toThrow('consumer gitlab-connector-commands has no handler');
  });

  it('declaring again changes nothing, and says so', async () => {
    expect(await declareOn(nats.url)).toSatisfy((lines: string[]) => lines.length > 0 && lines.every((line) => line.endsWith('unchanged')));
  });
});
