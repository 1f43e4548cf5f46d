import { waitFor } from '@stellwerk/testing';
import type { Rig } from '@stellwerk/testing/rig';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { declare, deliverInVain, publishRaw } from '../tools/broker.ts';
import { endOf } from '../tools/load.ts';

/** Deliveries after which a message counts as poison. */
const LIMIT = 20;

const api = async <T>(rig: Rig, method: string, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(`http://127.0.0.1:${rig.service('status')[0]!.doorPort}${path}`, {
    method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }), signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return await response.json() as T;
};

interface Letter { id: string; consumer: string; messageId?: string }

/** The grave is closed for a while; then a command is dug up, twice at once. */
export const deadLetters: Scenario = {
  number: 27,
  title: 'dead-letter publish fails; a dead letter replayed twice',
  setup: SINGLE,
  async run({ rig, expected, check, did, quiet }) {
    const manager = await rig.nats.manager();
    const { config, state } = await manager.streams.info('DEAD_LETTERS');
    await manager.streams.update('DEAD_LETTERS', { ...config, max_bytes: Math.max(1, state.bytes) });
    const seq = await publishRaw(rig, 'events.gitlab.taskrun.finished', 'unreadable');
    await waitFor(async () => (await manager.consumers.info('EVENTS', 'router-events')).num_redelivered > 0, { what: 'the message to come again', timeoutMs: 60_000 });
    const floor = (await manager.consumers.info('EVENTS', 'router-events')).ack_floor.stream_seq;
    check(floor < seq, 'a message was acked though its dead letter was refused');
    await declare(rig);
    // Readers of that subject: router and status.
    await waitFor(async () => (await manager.streams.info('DEAD_LETTERS')).state.messages >= state.messages + 2, { what: 'the letters of both readers', timeoutMs: 90_000 });

    const [connector] = rig.service('gitlab-connector');
    await quiet();
    await connector!.term();
    const delivery = rig.driver.make('scan');
    await rig.driver.deliver(delivery);
    await waitFor(async () => (await manager.consumers.info('COMMANDS', 'gitlab-connector-commands')).num_pending > 0, { what: 'the command', timeoutMs: 30_000 });
    await deliverInVain(rig, 'gitlab-connector-commands', (await manager.streams.info('COMMANDS')).state.last_seq, LIMIT);
    await connector!.start();
    const letter = await waitFor(async () => {
      const { items } = await api<{ items: Letter[] }>(rig, 'GET', '/api/dead-letters');
      return items.find(({ consumer }) => consumer === 'gitlab-connector-commands');
    }, { what: 'the dead letter of the command', timeoutMs: 60_000 });
    await Promise.all([1, 2].map(() => api(rig, 'POST', `/api/dead-letters/${encodeURIComponent(letter.id)}/replay`, {})));
    check(await endOf(rig, delivery) === 'succeeded', 'the run of the replayed command did not succeed');
    await api(rig, 'POST', `/api/dead-letters/${encodeURIComponent(letter.id)}/replay`, { again: true }).catch((error: unknown) => check(false, `a third replay: ${String(error)}`));
    expected.deadLetters = 3;
    did('closed DEAD_LETTERS while a message had to go there; replayed the dead letter of a command twice at once and once more: one pipeline');
  },
};
