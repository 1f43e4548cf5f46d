import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { PermanentError, RetryableError, StoreAwayError } from '@stellwerk/service-kit';
import { startTestNats, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declareOn, someEvent, startMessaging, type MessagingRig } from '../spec/messaging-rig.js';
import { consumerNamed } from './handler-table.js';
import { JETSTREAM, ReceivedMessage, eventMessage, type OutgoingMessage } from './index.js';

const SUBJECT = 'events.github.pipelinerun.finished';

type Behaviour = (message: ReceivedMessage, deliveriesHere: number) => void | Promise<void>;

/** What each message id shall meet, and how often it was handled. */
const behaviours = new Map<string, Behaviour>();
const handled = new Map<string, number>();

@Controller()
class EventsConsumer {
  @EventPattern<string>('router-events', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    const id = message.headers['nats-msg-id']!;
    const times = (handled.get(id) ?? 0) + 1;
    handled.set(id, times);
    await behaviours.get(id)?.(message, times);
  }
}

describe('consuming', () => {
  let nats: TestNats;
  let rig: MessagingRig;

  const send = async (id: string, behaviour: Behaviour, body?: string): Promise<void> => {
    behaviours.set(id, behaviour);
    const message = eventMessage(SUBJECT, someEvent(id));
    await publish(body === undefined ? message : { ...message, body });
  };

  let newest = 0;
  const publish = async (message: OutgoingMessage): Promise<{ duplicate: boolean }> => {
    const published = await rig.publisher.publish(message);
    newest = Math.max(newest, published.sequence);
    return published;
  };

  // The broker counts what it has stored a moment later: nothing pending alone may be from before.
  const settledAll = () => waitFor(async () => {
    const { ackPending, pending, delivered } = await rig.consumer('EVENTS', 'router-events');
    return ackPending === 0 && pending === 0 && delivered >= newest;
  }, { what: 'everything settled' });

  beforeAll(async () => {
    nats = await startTestNats();
    await declareOn(nats.url);
    rig = await startMessaging(nats.url, 'router', [EventsConsumer]);
  });

  afterAll(async () => {
    await rig.stop();
    await nats.stop();
  });

  it('acks what was handled, once', async () => {
    await send('fine', () => {});
    await settledAll();
    expect(handled.get('fine')).toBe(1);
  });

  it('hands the message over as it was sent', async () => {
    let seen: ReceivedMessage | undefined;
    await send('whole', (message) => { seen = message; });
    await settledAll();
    expect(seen!.subject).toBe(SUBJECT);
    expect(seen!.cloudEvent()).toEqual(someEvent('whole'));
    expect(seen!.deliveries).toBe(1);
  });

  it('hands the trace of the sender on, also where no tracing is set up', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    let seen: ReceivedMessage | undefined;
    behaviours.set('traced', (message) => { seen = message; });
    await publish({ ...eventMessage(SUBJECT, someEvent('traced')), trace: { traceparent } });
    await settledAll();
    expect(seen!.trace).toEqual({ traceparent });
  });

  it('does not ack a handler that throws: the message comes again', async () => {
    await send('throws', (_, times) => { if (times === 1) throw new Error('for no known reason'); });
    await settledAll();
    expect(handled.get('throws')).toBe(2);
  });

  it('waits at least as long as the platform asked before the next delivery', async () => {
    const times: number[] = [];
    await send('slow down', () => {
      times.push(Date.now());
      if (times.length === 1) throw new RetryableError('429', { retryAfterMs: 1_500 });
    });
    await settledAll();
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(1_500);
  });

  it('keeps what can never work as a dead letter, with its bytes, headers and reason', async () => {
    await send('poison', (message) => { message.json(); }, '{not json');
    await settledAll();
    const dead = (await rig.stored('DEAD_LETTERS')).at(-1)!;
    expect(dead.subject).toBe('dead-letters.EVENTS.router-events');
    expect(dead.string()).toBe('{not json');
    expect(dead.header.get('dead-letter-reason')).toBe('body is not JSON');
    expect(dead.header.get('dead-letter-subject')).toBe(SUBJECT);
    expect(dead.header.get('dead-letter-deliveries')).toBe('1');
    expect(handled.get('poison')).toBe(1);
  });

  it('holds a message while a store is away instead of using up its deliveries', async () => {
    const deliveries: number[] = [];
    await send('held', (message, times) => {
      deliveries.push(message.deliveries);
      if (times < 4) throw new StoreAwayError('the database is away');
    });
    await settledAll();
    expect(deliveries).toEqual([1, 1, 1, 1]);
  });

  it('never holds more messages than it has slots', async () => {
    let now = 0;
    let most = 0;
    let opened = false;
    const { slots } = consumerNamed('router', 'router-events');
    const ids = Array.from({ length: slots * 2 }, (_, n) => `crowd-${n}`);
    // Stays open: a broker that is killed later forgets acks of now, and delivers them all again.
    await Promise.all(ids.map((id) => send(id, async () => {
      most = Math.max(most, (now += 1));
      await waitFor(() => opened, { what: 'the crowd may go' });
      now -= 1;
    })));
    await waitFor(() => now === slots, { what: 'all slots in use' });
    const { ackPending } = await rig.consumer('EVENTS', 'router-events');
    expect(ackPending).toBe(slots);
    opened = true;
    await settledAll();
    expect(most).toBe(slots);
    expect(ids.every((id) => handled.get(id) === 1)).toBe(true);
  });

  it('throws a PermanentError of both sizes for a message no server of ours takes', async () => {
    const body = Buffer.alloc(40 * 1024 * 1024);
    await expect(rig.publisher.publish({ subject: SUBJECT, id: 'huge', body })).rejects.toThrow(PermanentError);
    await expect(rig.publisher.publish({ subject: SUBJECT, id: 'huge', body })).rejects.toThrow(/41943040 bytes.*at most \d+/);
  });

  it('counts a repeated id as success', async () => {
    const message = eventMessage(SUBJECT, someEvent('twice'));
    expect((await publish(message)).duplicate).toBe(false);
    expect((await publish(message)).duplicate).toBe(true);
    await settledAll();
    expect(handled.get('twice')).toBe(1);
  });

  it('tells a subject without a stream from success', async () => {
    await expect(rig.publisher.publish({ subject: 'nobody.takes.this', id: 'x', body: '{}' }, { budgetMs: 1_500 })).rejects.toThrow(/no stream has this subject/);
  });

  // Last: acks that a crash made the broker forget come again only after ack_wait.
  it('goes on after the broker was killed in the middle, and loses nothing', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `outage-${n}`);
    await Promise.all(ids.map((id) => send(id, async () => { await new Promise((resolve) => { setTimeout(resolve, 100); }); })));
    await nats.kill();
    const meanwhile = rig.publisher.publish(eventMessage(SUBJECT, someEvent('meanwhile'))).then(() => 'published', (error: unknown) => error);
    await waitFor(async () => !(await rig.readiness.report()).ready, { what: 'not ready' });
    await nats.restart();
    expect(await meanwhile).toSatisfy((result) => result === 'published' || result instanceof StoreAwayError);
    await waitFor(async () => (await rig.readiness.report()).ready, { what: 'ready again' });
    await send('after', () => {});
    await waitFor(() => handled.get('after'), { what: 'consuming again', timeoutMs: 45_000 });
    await waitFor(() => ids.every((id) => (handled.get(id) ?? 0) >= 1), { what: 'each handled', timeoutMs: 45_000 });
  }, 120_000);
});
