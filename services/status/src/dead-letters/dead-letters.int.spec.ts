import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { letterOf, openBroker, post, type Broker, type Raw } from '../../test/letters.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import type { DeadLetterList, DeadLetterView, LetterOrderAnswer, LettersOrderAnswer } from './dead-letter.response.js';

let nats: TestNats;
let rig: StatusRig;
let broker: Broker;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
  broker = await openBroker(nats.url);
}, 180_000);

afterAll(async () => {
  await broker?.close();
  await rig?.stop();
  await nats?.stop();
});

const list = async (query: string): Promise<DeadLetterView[]> => (await rig.get<DeadLetterList>(`/api/dead-letters${query}`)).body.items;

/** Written by a consumer, and seen by people. */
const buried = async (letter: Raw): Promise<DeadLetterView> => {
  await broker.publish(letter);
  const { 'dead-letter-message-id': messageId, 'dead-letter-consumer': consumer } = letter.headers!;
  return waitFor(async () => (await list(`?messageId=${encodeURIComponent(messageId!)}&consumer=${consumer}`)).at(0), { what: `the letter of ${messageId}` });
};

const one = async (id: string): Promise<DeadLetterView> => (await rig.get<DeadLetterView>(`/api/dead-letters/${id}`)).body;
const sent = (id: string) => waitFor(async () => (await one(id)).replay?.sentAt, { what: 'the replay being sent', timeoutMs: 30_000 });
const replayed = async (base: string) => (await broker.stored('EVENTS')).filter(({ id }) => id.startsWith(`${base}:replay:`));
const audited = (action: string, target: string) =>
  rig.database.query<{ person: string; role: string; detail: Record<string, unknown> }>('SELECT person, role, detail FROM audit_log WHERE action = $1 AND target = $2', [action, target]);

describe('dead letters', () => {
  it('are listed newest first, with why, where and how often, and filtered', async () => {
    const first = await buried(letterOf({ messageId: 'list:1', body: '{"half":' }));
    const second = await buried(letterOf({ messageId: 'list:2', body: '{}', stream: 'HOOKS', consumer: 'ingress-hooks', subject: 'hooks.github.github', reason: 'there is no connection gone any more' }));
    expect(second).toMatchObject({
      state: 'open', stream: 'HOOKS', consumer: 'ingress-hooks', subject: 'hooks.github.github', reason: 'there is no connection gone any more', deliveries: 21,
      messageId: 'list:2', preview: '{}', bytes: 2, replay: null, purge: null,
    });
    expect(await one(first.id)).toEqual(first);
    expect((await list('?since=1h')).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await list('?stream=HOOKS')).map(({ id }) => id)).toEqual([second.id]);
    expect((await list('?consumer=router-events&state=open')).map(({ id }) => id)).toEqual([first.id]);
    expect(await list('?until=1h')).toEqual([]);
    const page = await rig.get<DeadLetterList>('/api/dead-letters?limit=1');
    expect((await list(`?limit=1&cursor=${page.body.next}`)).map(({ id }) => id)).toEqual([first.id]);
  });

  it.each([['?since=yesterday', 'since must be'], ['?state=lost', 'state must be one of'], ['?limit=0', 'limit must be'], ['?cursor=x', 'cursor must be']])(
    '%s is refused and says what was expected', async (query, detail) => {
      const answer = await rig.get<{ detail: string }>(`/api/dead-letters${query}`);
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toContain(detail);
    });

  it('that were written twice are one', async () => {
    const letter = letterOf({ messageId: 'twice:1', body: 'x' });
    const { id } = await buried(letter);
    await broker.publish({ ...letter, id: `${letter.id}:after the window` });
    await waitFor(async () => (await rig.database.query('SELECT 1 FROM dead_letters WHERE id = $1 AND cardinality(positions) = 2', [id])).length === 1, { what: 'the second copy' });
    expect((await list('?messageId=twice:1')).map((found) => found.id)).toEqual([id]);
  });

  it('are told of by a metric', async () => {
    await waitFor(async () => /open_dead_letters\{consumer="router-events"\} [1-9]/.test(await rig.metrics.registry.getSingleMetricAsString('stellwerk_status_open_dead_letters')),
      { what: 'the gauge', timeoutMs: 20_000 });
  });
});

describe('a replay', () => {
  it('sends the bytes and headers as they came to the subject they came from, under an id of its own', async () => {
    const body = Buffer.from([0x7b, 0xff, 0x00, 0x0a]);
    const letter = await buried(letterOf({ messageId: 'bytes:1', body, headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, 'x-own': 'kept' } }));
    const answer = await post<LetterOrderAnswer>(`${rig.url}/api/dead-letters/${letter.id}/replay`);
    expect(answer).toMatchObject({ status: 202, body: { duplicate: false, letter: { state: 'replayed', replay: { by: 'local' } } } });
    await sent(letter.id);
    const [copy] = await replayed('bytes:1');
    expect(copy).toMatchObject({ subject: 'events.github.pipelinerun.finished', id: `bytes:1:replay:${answer.body.letter.replay!.number}` });
    expect(copy!.body.equals(body)).toBe(true);
    expect(copy!.headers).toMatchObject({ 'Content-Type': 'application/cloudevents+json', 'x-own': 'kept' });
    expect(copy!.headers.traceparent).toContain('a'.repeat(32));
    expect(Object.keys(copy!.headers).filter((name) => name.startsWith('dead-letter'))).toEqual([]);
    expect(await audited('dead-letter.replay', letter.id)).toMatchObject([{ person: 'local', role: 'admin', detail: { messageId: 'bytes:1' } }]);
  });

  it('ordered by many people at once is done once; again on purpose it gets the next number', async () => {
    const letter = await buried(letterOf({ messageId: 'once:1', body: 'x' }));
    const answers = await Promise.all(Array.from({ length: 10 }, () => post<LetterOrderAnswer>(`${rig.url}/api/dead-letters/${letter.id}/replay`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
    await sent(letter.id);
    expect(await replayed('once:1')).toHaveLength(1);
    expect(await audited('dead-letter.replay', letter.id)).toHaveLength(1);
    const again = await post<LetterOrderAnswer>(`${rig.url}/api/dead-letters/${letter.id}/replay`, { again: true });
    expect(again.body.duplicate).toBe(false);
    await sent(letter.id);
    const ids = (await replayed('once:1')).map(({ id }) => Number(id.split(':').at(-1)));
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBeGreaterThan(ids[0]!);
  });

  it('of a replay that died again counts on from the same id', async () => {
    const letter = await buried(letterOf({ messageId: 'rerun:1:replay:1', body: 'x' }));
    await post(`${rig.url}/api/dead-letters/${letter.id}/replay`);
    await sent(letter.id);
    expect((await replayed('rerun:1')).map(({ id }) => id)).toEqual([expect.stringMatching(/^rerun:1:replay:\d+$/)]);
  });

  it('of many takes the open ones that fit, and tells how far it is', async () => {
    const letters = [];
    for (let n = 0; n < 60; n += 1) letters.push(letterOf({ messageId: `many:${n}`, body: String(n), consumer: 'gitlab-connector-events' }));
    await Promise.all(letters.map((letter) => broker.publish(letter)));
    await waitFor(async () => (await list('?consumer=gitlab-connector-events&limit=200')).length === 60, { what: 'all letters' });
    const answers = await Promise.all([1, 2].map(() => post<LettersOrderAnswer>(`${rig.url}/api/dead-letters/replay`, { consumer: 'gitlab-connector-events', since: '1h' })));
    expect(answers.map(({ body }) => body.matched).sort()).toEqual([0, 60]);
    const { replay } = answers.find(({ body }) => body.matched === 60)!.body;
    const progress = await waitFor(async () => {
      const { body } = await rig.get(`/api/replays/${replay}`);
      return body.state === 'done' && body;
    }, { what: 'the end of the replay', timeoutMs: 20_000 });
    expect(progress).toMatchObject({ kind: 'dead-letters', matched: 60, sent: 60, failed: 0, by: 'local', filter: { consumer: 'gitlab-connector-events' } });
    expect((await broker.stored('EVENTS')).filter(({ id }) => id.startsWith('many:')).map(({ body }) => body.toString())).toEqual(Array.from({ length: 60 }, (_, n) => String(n)));
    expect((await list('?consumer=gitlab-connector-events&state=open&limit=200'))).toEqual([]);
  });

  it('of everything must be said', async () => {
    const answer = await post(`${rig.url}/api/dead-letters/replay`, {});
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('all: true') } });
  });

  it('of a letter that was too large for its bytes takes them from where they were left', async () => {
    const sequence = await broker.publish({ subject: 'events.github.pipelinerun.finished', id: 'left:1', body: 'the bytes' });
    const lost = letterOf({ messageId: 'left:1', body: '', headers: { 'dead-letter-body-left': '9' } });
    const letter = await buried({ ...lost, headers: { ...lost.headers, 'dead-letter-sequence': String(sequence) } });
    expect(letter).toMatchObject({ bytes: 9, sequence, preview: expect.stringContaining('too large') });
    await post(`${rig.url}/api/dead-letters/${letter.id}/replay`);
    await sent(letter.id);
    expect((await replayed('left:1')).map(({ body }) => body.toString())).toEqual(['the bytes']);
  });

  it('that cannot be sent is open again and says why', async () => {
    const letter = await buried(letterOf({ messageId: 'gone:1', body: 'x' }));
    const { sequence } = (await broker.stored('DEAD_LETTERS')).find(({ headers }) => headers['dead-letter-message-id'] === 'gone:1')!;
    await broker.manager.streams.deleteMessage('DEAD_LETTERS', sequence);
    const { body } = await post<LetterOrderAnswer>(`${rig.url}/api/dead-letters/${letter.id}/replay`);
    await waitFor(async () => (await one(letter.id)).note, { what: 'why it was not sent' });
    expect(await one(letter.id)).toMatchObject({ state: 'open', note: 'its bytes are not in DEAD_LETTERS any more' });
    expect((await rig.get(`/api/replays/${body.letter.replay!.number}`)).body).toMatchObject({ state: 'done', matched: 1, sent: 0, failed: 1 });
  });
});

describe('a purge', () => {
  it('needs a reason, erases the body everywhere, stays on record, and is final', async () => {
    const letter = await buried(letterOf({ messageId: 'purge:1', body: 'a secret of theirs' }));
    expect((await post(`${rig.url}/api/dead-letters/${letter.id}/purge`, {})).status).toBe(400);
    expect((await post(`${rig.url}/api/dead-letters/${letter.id}/purge`, { reason: '' })).status).toBe(400);
    const answer = await post<LetterOrderAnswer>(`${rig.url}/api/dead-letters/${letter.id}/purge`, { reason: 'sent by mistake' });
    expect(answer).toMatchObject({ status: 202, body: { duplicate: false, letter: { state: 'purged', preview: null, purge: { by: 'local', reason: 'sent by mistake' } } } });
    await waitFor(async () => !(await broker.stored('DEAD_LETTERS')).some(({ body }) => body.includes('a secret of theirs')), { what: 'the bytes being erased' });
    expect(await audited('dead-letter.purge', letter.id)).toMatchObject([{ person: 'local', detail: { reason: 'sent by mistake' } }]);
    expect((await post<LetterOrderAnswer>(`${rig.url}/api/dead-letters/${letter.id}/purge`, { reason: 'again' })).body.duplicate).toBe(true);
    expect(await post(`${rig.url}/api/dead-letters/${letter.id}/replay`)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('sent by mistake') } });
    expect(await replayed('purge:1')).toEqual([]);
  });

  it('also erases a copy that is written later', async () => {
    const letter = letterOf({ messageId: 'late:1', body: 'late secret' });
    const { id } = await buried(letter);
    await post(`${rig.url}/api/dead-letters/${id}/purge`, { reason: 'why not' });
    await broker.publish({ ...letter, id: `${letter.id}:after the window` });
    await waitFor(async () => (await rig.database.query('SELECT 1 FROM dead_letters WHERE id = $1 AND cardinality(positions) = 2 AND todo IS NULL', [id])).length === 1, { what: 'the copy' });
    expect((await broker.stored('DEAD_LETTERS')).some(({ body }) => body.includes('late secret'))).toBe(false);
  });

  it('of many takes the open ones that fit', async () => {
    await buried(letterOf({ messageId: 'purge-many:1', body: '1', consumer: 'jenkins-connector-events' }));
    await buried(letterOf({ messageId: 'purge-many:2', body: '2', consumer: 'jenkins-connector-events' }));
    const answer = await post<LettersOrderAnswer>(`${rig.url}/api/dead-letters/purge`, { consumer: 'jenkins-connector-events', reason: 'noise' });
    expect(answer).toMatchObject({ status: 202, body: { matched: 2, replay: null } });
    expect((await list('?consumer=jenkins-connector-events')).map(({ state, purge }) => [state, purge!.reason])).toEqual([['purged', 'noise'], ['purged', 'noise']]);
    expect((await audited('dead-letter.purge', '')).at(-1)).toMatchObject({ detail: { reason: 'noise', matched: 2 } });
  });

  it('leaves an audit log that takes no change', async () => {
    for (const sql of ['UPDATE audit_log SET person = $1', 'DELETE FROM audit_log WHERE person = $1']) {
      await expect(rig.database.query(sql, ['somebody'])).rejects.toThrow('append-only');
    }
  });
});

describe('while the broker is away', () => {
  it('orders are taken, and carried out once when it is back', async () => {
    const letter = await buried(letterOf({ messageId: 'outage:1', body: 'x' }));
    await nats.kill();
    const answers = await Promise.all([1, 2].map(() => post<LetterOrderAnswer>(`${rig.url}/api/dead-letters/${letter.id}/replay`)));
    expect(answers.map(({ status, body }) => [status, body.duplicate])).toEqual(expect.arrayContaining([[202, false], [202, true]]));
    expect((await one(letter.id)).replay!.sentAt).toBeNull();
    await nats.restart();
    await sent(letter.id);
    expect(await replayed('outage:1')).toHaveLength(1);
  }, 180_000);
});
