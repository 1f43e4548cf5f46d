import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { RetryableError } from '@stellwerk/service-kit';
import { startTestNats, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declareOn, startMessaging, type MessagingRig } from '../spec/messaging-rig.js';
import { JETSTREAM, RequestClient } from './index.js';

@Controller()
class RouterController {
  @MessagePattern('router.cancel', Transport.NATS)
  async cancel(@Payload() order: { run: string }): Promise<unknown> {
    if (order.run === 'breaks') throw new Error('a bug');
    return { ok: true, run: order.run };
  }

  @EventPattern<string>('router-events', JETSTREAM)
  async take(): Promise<void> {}
}

@Controller()
class IngressController {
  @MessagePattern('ingress.config', Transport.NATS)
  inForce(): unknown {
    return { revision: 'r1' };
  }

  @EventPattern<string>('ingress-hooks', JETSTREAM)
  async take(): Promise<void> {}
}

describe('an order of a person to the router', () => {
  let nats: TestNats;
  let router: MessagingRig | undefined;
  let client: RequestClient;

  beforeAll(async () => {
    nats = await startTestNats();
    await declareOn(nats.url);
    router = await startMessaging(nats.url, 'router', [RouterController]);
    client = new RequestClient({ name: 'status', url: nats.url });
  });

  afterAll(async () => {
    await client.onApplicationShutdown();
    await router?.stop();
    await nats.stop();
  });

  it('is answered', async () => {
    expect(await client.ask('router.cancel', { run: 'r1' })).toEqual({ ok: true, run: 'r1' });
  });

  it('that the router fails at is told apart from an answer', async () => {
    await expect(client.ask('router.cancel', { run: 'breaks' })).rejects.toThrow(RetryableError);
  });

  it('is answered again after the broker was away', async () => {
    await nats.kill();
    await expect(client.ask('router.cancel', { run: 'r1' }, 500)).rejects.toThrow(RetryableError);
    await nats.restart();
    expect(await waitFor(() => client.ask('router.cancel', { run: 'r2' }, 500), { what: 'an answer' })).toEqual({ ok: true, run: 'r2' });
  });

  it('fails soon when no router is there', async () => {
    await router!.stop();
    router = undefined;
    await expect(client.ask('router.cancel', { run: 'r1' }, 2_000)).rejects.toThrow('the router did not answer router.cancel');
  });
});

describe('a question to ingress, which starts without a broker', () => {
  it('is answered as soon as there is one, and by nobody who was stopped before', async () => {
    const nats = await startTestNats();
    await declareOn(nats.url);
    await nats.kill();
    const [brief, ingress] = [await startMessaging(nats.url, 'ingress', [IngressController]), await startMessaging(nats.url, 'ingress', [IngressController])];
    await brief.stop();
    await nats.restart();
    const client = new RequestClient({ name: 'status', url: nats.url });
    const ask = (): Promise<unknown> => client.ask('ingress.config', {}, 1_000);
    expect(await waitFor(() => ask(), { what: 'an answer' })).toEqual({ revision: 'r1' });
    await ingress.stop();
    await expect(ask()).rejects.toThrow(RetryableError);
    await client.onApplicationShutdown();
    await nats.stop();
  });
});
