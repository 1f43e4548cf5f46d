import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const RESOURCES = `kind: Connection
metadata: { name: ci }
spec: { platform: jenkins, url: "https://ci.example.com", auth: { user: u, token: { env: T } } }
---
kind: Flow
metadata: { name: nightly }
spec:
  on: { schedule: "30 2 * * *", zone: Europe/Berlin }
  steps:
    build: { uses: ci/start-build, with: { job: "\${{ event.payload.cron }}" } }
    pause: { needs: [build], wait: 2h }
---
kind: Flow
metadata: { name: alarm }
spec:
  on:
    - { absent: { event: pipelinerun.finished, from: ci, outcome: success }, for: 26h }
    - { event: custom.received, from: ci }
  steps: { tell: { uses: ci/start-build, with: { job: "\${{ event.?payload.?since.orValue('none') }}" } } }
---
kind: Flow
metadata: { name: ask }
spec:
  on: { event: change.merged, from: ci }
  steps:
    people: { approve: { by: [alice], within: 8h } }
    deploy: { needs: [people], uses: ci/start-build, with: { job: deploy } }
---
kind: Flow
metadata: { name: both }
spec:
  on:
    - all: { a: { event: branch.created, from: ci }, b: { event: branch.deleted, from: ci } }
      key: "\${{ event.branch }}"
      within: 30m
      missing: start
  steps: { go: { uses: ci/start-build, with: { job: go } } }
`;

const GREEN = '{ type: pipelinerun.finished, connection: ci, outcome: success }';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stellwerk-clock-'));
  await writeFile(join(home, 'flow.yaml'), RESOURCES);
});

afterEach(() => rm(home, { recursive: true }));

interface Tested {
  messages: string[];
  notReached: string[];
}

const tested = async (test: { at?: string; flows?: string; events: string[]; answers?: string; runs: string[] }): Promise<Tested> => {
  const { at = '2026-03-01T12:00:00Z', flows, events, answers = '{}', runs } = test;
  await writeFile(join(home, 'x.test.yaml'), [
    'tests:', '  - name: it', `    at: ${at}`, ...(flows === undefined ? [] : [`    flows: ${flows}`]), '    events:', ...events.map((event) => `      - ${event}`),
    `    answers: ${answers}`, `    expect: { runs: [${runs.join(', ')}] }`, '',
  ].join('\n'));
  const out: string[] = [];
  await runCli(['test', home, '--json'], { out: (text) => void out.push(text), err: (text) => void out.push(text) });
  const report = JSON.parse(out.join('\n')) as { tests: { faults: { message: string }[] }[]; faults: { message: string }[]; notReached: { flow: string; part: string }[] };
  return {
    messages: [...report.tests.flatMap(({ faults }) => faults), ...report.faults].map(({ message }) => message),
    notReached: report.notReached.map(({ flow, part }) => `${flow}: ${part}`),
  };
};

const messages = async (test: Parameters<typeof tested>[0]): Promise<string[]> => (await tested(test)).messages;
const nightly = (at: string): string => `{ flow: nightly, at: "${at}", state: succeeded }`;

describe('a test of a schedule', () => {
  it('starts its flow at each instant of its zone, also where the clocks are changed, and at no other time', async () => {
    const flows = '[nightly]';
    const spring = ['2026-03-28T02:30:00+01:00', '2026-03-29T03:00:00+02:00', '2026-03-30T02:30:00+02:00'];
    expect(await messages({ flows, at: '2026-03-27T12:00:00Z', events: ['{ clock: 2026-03-30T12:00:00Z }'], runs: spring.map(nightly) })).toEqual([]);
    expect(await messages({ flows, at: '2026-10-24T12:00:00Z', events: ['{ clock: 24h }'], runs: [nightly('2026-10-25T02:30:00+02:00')] })).toEqual([]);
    expect(await messages({ flows, at: '2026-03-01T02:30:00Z', events: ['{ clock: 22h59m }'], runs: [] })).toEqual([]);
  });

  it('begins after the test does, and needs time that the test lets go by', async () => {
    expect(await messages({ at: '2026-03-02T01:30:00Z', events: ['{ clock: 1h }'], runs: [] })).toEqual([]);
    expect(await messages({ at: '2026-03-02T01:00:00Z', events: ['{ type: custom.received, connection: ci, answers: { tell: never } }', '{ clock: 1s }'], runs: ['{ flow: alarm, state: failed }'] })).toEqual([]);
  });

  it('says at its place that it started otherwise, and when', async () => {
    expect(await messages({ flows: '[nightly]', events: ['{ clock: 24h }'], runs: [nightly('2026-03-02T02:30:00Z')] })).toEqual(['expected "2026-03-02T02:30:00.000Z", got "2026-03-02T01:30:00.000Z"']);
    expect(await messages({ flows: '[nightly]', events: ['{ clock: 24h }'], runs: [] })).toEqual([
      'flow nightly ran and is not expected: it was started by schedule.fired (trigger 1, 2026-03-02T01:30:00.000Z) and is succeeded',
    ]);
  });

  it('is counted among what tests reach', async () => {
    const events = ['{ clock: 24h }'];
    expect((await tested({ flows: '[nightly]', events, runs: [nightly('2026-03-02T02:30:00+01:00')] })).notReached.filter((part) => part.startsWith('nightly'))).toEqual([]);
    expect((await tested({ flows: '[alarm]', events, runs: [] })).notReached).toEqual(expect.arrayContaining(['nightly: trigger 1', 'nightly: step build', 'alarm: trigger 1']));
  });
});

describe('a test of an absence', () => {
  const flows = '[alarm]';
  const alarm = (at: string, since: string): string => `{ flow: alarm, at: ${at}, steps: { tell: { with: { job: "${since}" } } } }`;

  it('starts its flow once, and again only after the next event that it waits for', async () => {
    expect(await messages({
      flows,
      events: ['{ clock: 20h }', GREEN, '{ clock: 25h }', '{ clock: 100h }', GREEN, '{ clock: 26h }'],
      runs: [alarm('2026-03-03T10:00:00Z', '2026-03-02T08:00:00.000Z'), alarm('2026-03-08T15:00:00Z', '2026-03-07T13:00:00.000Z')],
    })).toEqual([]);
  });

  it('counts from the beginning of the test, and from when the event happened; others are nothing to it', async () => {
    expect(await messages({ flows, events: [GREEN.replace('success', 'failure'), '{ clock: 25h59m }'], runs: [] })).toEqual([]);
    expect(await messages({ flows, events: ['{ clock: 26h }'], runs: [alarm('2026-03-02T14:00:00Z', '2026-03-01T12:00:00.000Z')] })).toEqual([]);
    const late = GREEN.replace(' }', ', occurredAt: 2026-03-02T00:00:00Z }');
    expect(await messages({ flows, events: ['{ clock: 20h }', late, GREEN.replace(' }', ', occurredAt: 2026-03-01T13:00:00Z }'), '{ clock: 18h }'], runs: [alarm('2026-03-03T02:00:00Z', '2026-03-02T00:00:00.000Z')] })).toEqual([]);
  });
});

describe('time that goes by in a test', () => {
  it('ends what waits for people, and the rounds of joins', async () => {
    const events = ['{ type: change.merged, connection: ci }', '{ type: branch.created, connection: ci, branch: x }', '{ clock: 7h }', '{ clock: 1h }'];
    const flows = '[ask, both]';
    expect(await messages({ flows, events: events.slice(0, 3), answers: '{ people: never }', runs: ['{ flow: ask, state: waiting }', '{ flow: both, state: succeeded }'] })).toEqual([]);
    expect(await messages({ flows, events, answers: '{ people: never }', runs: ['{ flow: ask, state: failed, steps: { people: failed } }', '{ flow: both }'] })).toEqual([]);
  });

  it('answers what follows from it as it says itself', async () => {
    expect(await messages({ flows: '[nightly]', events: ['{ clock: 24h, answers: { build: failure } }', '{ clock: 24h }'], runs: ['{ flow: nightly, state: failed }', '{ flow: nightly, state: succeeded }'] })).toEqual([]);
  });

  it('is not played for ever', async () => {
    await writeFile(join(home, 'flow.yaml'), RESOURCES.replace('30 2 * * *', '* * * * *'));
    expect(await messages({ flows: '[nightly]', events: ['{ clock: 8760h }'], runs: [] })).toEqual([
      'this version cannot simulate it: more than 1000 runs: expected a shorter time, or fewer flows in force ("flows" of the test)',
    ]);
  });

  it('only goes on', async () => {
    expect(await messages({ events: ['{ clock: 2026-03-01T11:00:00Z }'], runs: [] })).toEqual(['expected a time to come: it is 2026-03-01T12:00:00.000Z already']);
    expect(await messages({ events: ['{ clock: 26 }'], runs: [] })).toEqual(['expected how long time goes on, such as 26h, or until when, such as 2026-11-24T08:00:00Z, got the number 26']);
  });
});
