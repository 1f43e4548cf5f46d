import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import { FlowRevisionsRepository } from './flow-revisions.repository.js';
import type { FlowList, FlowRevisionList } from './flow.response.js';

let nats: TestNats;
let rig: StatusRig;
let file: string;
let original: string;
/** Answers in the router's place. */
let router: NatsConnection;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
  file = join(process.env.STELLWERK_CONFIG!, 'resources.yaml');
  original = await readFile(file, 'utf8');
  router = await connect({ servers: nats.url });
});

afterAll(async () => {
  await router?.close();
  await rig?.stop();
  await nats?.stop();
});

const revisions = async (query = ''): Promise<FlowRevisionList> => (await rig.get<FlowRevisionList>(`/api/flows/release/revisions${query}`)).body;

/** The history once the files are written down. */
const after = (text: string, done: (list: FlowRevisionList) => boolean, what: string): Promise<FlowRevisionList> => waitFor(async () => {
  if ((await readFile(file, 'utf8')) !== text) await writeFile(file, text);
  const list = await revisions();
  return list.items !== undefined && done(list) && list;
}, { what });

const CHANGED = (): string => original.replace('project: acme/scan, ref: main', 'project: acme/scan, ref: next');
const WITHOUT_IT = (): string => original.split('---\n').filter((document) => !document.includes('name: release,')).join('---\n');

describe('revisions of a flow', () => {
  it('are kept with what they changed, when, and which is in force', async () => {
    const [first] = (await after(original, ({ items }) => items.length === 1, 'the first revision')).items;
    expect(first).toMatchObject({ inForce: true, follows: null, diff: null, replacedAt: null, content: { name: 'release' } });
    const { items } = await after(CHANGED(), (list) => list.items.length === 2, 'the second revision');
    expect(items.map(({ inForce, replacedAt }) => [inForce, replacedAt !== null])).toEqual([[true, false], [false, true]]);
    expect(items[0]!.follows).toBe(first!.revision);
    expect(items[0]!.diff!.split('\n').filter((line) => /^[+-] /.test(line))).toEqual(['-      ref: main', '+      ref: next']);
    const page = await revisions('?limit=1');
    expect([page.items.map(({ revision }) => revision), page.items[0]!.follows]).toEqual([[items[0]!.revision], first!.revision]);
    expect((await revisions(`?limit=1&cursor=${page.next}`)).items.map(({ revision, diff }) => [revision, diff])).toEqual([[first!.revision, null]]);
  });

  it('that come back are in force anew, and are no new ones', async () => {
    const before = await revisions();
    const { items } = await after(original, (list) => list.items[0]!.revision === before.items[1]!.revision, 'the first revision to come back');
    expect(items.map(({ revision, inForce }) => [revision, inForce])).toEqual([[before.items[1]!.revision, true], [before.items[0]!.revision, false]]);
  });

  it('stay when the flow is gone', async () => {
    const { items } = await after(WITHOUT_IT(), (list) => list.items.every(({ inForce }) => !inForce), 'the flow to be gone');
    expect(items).toHaveLength(2);
    expect((await rig.get<FlowList>('/api/flows')).body.items.map(({ name }) => name)).toEqual(['by-hand']);
    expect((await rig.get('/api/flows/nothing/revisions')).status).toBe(404);
    await after(original, (list) => list.items[0]!.inForce, 'the flow to be back');
  });
});

describe('replicas that load two sets at once', () => {
  it('leave one of them in force, whole, and none of them waits for ever', async () => {
    const repository = new FlowRevisionsRepository(rig.database);
    const [flow] = (await rig.get<FlowList>('/api/flows?content=true')).body.items;
    const set = (letter: string) => Array.from({ length: 30 }, (_, at) => ({ ...flow!.content!, name: `race-${at}`, revision: `${letter}${at}` }));
    await Promise.all(Array.from({ length: 20 }, (_, at) => repository.putInForce(set(at % 2 === 0 ? 'a' : 'b'))));
    const rows = await rig.database.query<{ letter: string; count: number }>(
      "SELECT left(revision, 1) AS letter, count(*)::int AS count FROM flow_revisions WHERE replaced_at IS NULL AND flow LIKE 'race-%' GROUP BY 1");
    expect(rows).toEqual([{ letter: expect.stringMatching(/[ab]/), count: 30 }]);
  });
});

describe('sets of many flows', () => {
  it('are written down whole, and of the next one no more than what is new in it', async () => {
    const repository = new FlowRevisionsRepository(rig.database);
    const [flow] = (await rig.get<FlowList>('/api/flows?content=true')).body.items;
    const set = (changed: string) => Array.from({ length: 450 }, (_, at) => ({ ...flow!.content!, name: `many-${at}`, revision: at === 300 ? changed : 'same', description: changed }));
    const inForce = () => rig.database.query(
      `SELECT revision, content->>'description' AS description, count(*)::int AS count FROM flow_revisions WHERE replaced_at IS NULL AND flow LIKE 'many-%' GROUP BY 1, 2 ORDER BY 1`);
    await repository.putInForce(set('first'));
    await repository.putInForce(set('second'));
    // Content goes with its revision: what has been kept is not written again.
    expect(await inForce()).toEqual([{ revision: 'same', description: 'first', count: 449 }, { revision: 'second', description: 'second', count: 1 }]);
    await repository.putInForce(set('first'));
    expect(await inForce()).toEqual([{ revision: 'first', description: 'first', count: 1 }, { revision: 'same', description: 'first', count: 449 }]);
  });
});

describe('the flows', () => {
  it('show which services have another set in force, and which do not say', async () => {
    const { body } = await rig.get<FlowList>('/api/flows?content=true');
    expect(body.items.find(({ name }) => name === 'release')!.content).toMatchObject({ steps: [{ name: 'scan' }, { name: 'deploy' }] });
    const answers: Record<string, string> = { 'router.config': 'another-set', 'gitlab-connector.config': body.config.revision };
    for (const [pattern, revision] of Object.entries(answers)) {
      router.subscribe(pattern, { callback: (_error, message) => void message.respond(JSON.stringify({ id: message.json<{ id: string }>().id, response: { revision, refused: false }, isDisposed: true })) });
    }
    await router.flush();
    const services = await waitFor(async () => {
      const { config } = (await rig.get<FlowList>('/api/flows')).body;
      return config.services.filter(({ agrees }) => agrees !== null).length === 2 && config.services;
    }, { what: 'two services to answer', timeoutMs: 30_000 });
    expect(services).toEqual(['router', 'github-connector', 'gitlab-connector', 'jenkins-connector', 'webhook-connector'].map((service) => {
      const revision = answers[`${service}.config`];
      return { service, revisions: revision ? [revision] : [], agrees: revision ? revision === body.config.revision : null };
    }));
  });

  it('are asked for rightly', async () => expect((await rig.get('/api/flows?content=maybe')).status).toBe(400));
});
