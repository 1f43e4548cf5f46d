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
metadata: { name: f }
spec:
  on: { event: pipelinerun.finished, from: ci }
  steps:
    a: { uses: ci/start-build, with: { job: a } }
    b: { needs: [a], uses: ci/start-build, with: { job: b }, rollback: { uses: ci/start-build, with: { job: back } } }
    c: { needs: [b], if: cancelled(), uses: ci/start-build, with: { job: c } }
`;
const RETRY = '{ order: retry, flow: f }';
const ROLLBACK = '{ order: rollback, flow: f }';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stellwerk-answers-'));
  await writeFile(join(home, 'flow.yaml'), RESOURCES);
});

afterEach(() => rm(home, { recursive: true }));

const told = (answers: string): string => `{ type: pipelinerun.finished, connection: ci, answers: ${answers} }`;

/** What is otherwise than the run is expected to be. */
const faults = async (events: string[], run: string, answers = '{}'): Promise<string[]> => {
  await writeFile(join(home, 'x.test.yaml'), `tests:\n  - { name: it, answers: ${answers}, events: [${events.join(', ')}], expect: { runs: [{ flow: f, ${run} }] } }\n`);
  const out: string[] = [];
  await runCli(['test', home, '--json'], { out: (text) => void out.push(text), err: (text) => void out.push(text) });
  const report = JSON.parse(out.join('\n')) as { tests: { faults: { message: string }[] }[]; faults: { message: string }[] };
  return [...report.tests.flatMap((test) => test.faults), ...report.faults].map(({ message }) => message);
};

describe('answers of an event, and orders that come later', () => {
  it('a retry succeeds after an answer that was a failure: it was for what followed from the event', async () => {
    expect(await faults([told('{ b: failure }')], 'state: failed')).toEqual([]);
    expect(await faults([told('{ b: failure }'), RETRY], 'state: succeeded, steps: { a: { attempts: 1 }, b: { state: succeeded, attempts: 2 } }')).toEqual([]);
    expect(await faults([told('{ f/b: { outcome: failure, run: { id: "7" } } }'), RETRY], 'state: succeeded')).toEqual([]);
  });

  it('answers of the test are for every attempt, by whomever ordered', async () => {
    expect(await faults([told('{}'), RETRY], 'state: failed, steps: { b: { attempts: 2 } }', '{ b: failure }')).toEqual([]);
    expect(await faults([told('{}'), RETRY], 'state: succeeded', '{ b: [failure, success] }')).toEqual([]);
    expect(await faults([told('{ b: error }'), RETRY, RETRY], 'state: succeeded, steps: { b: { attempts: 3 } }', '{ b: [success, failure, success] }')).toEqual([]);
  });

  it('a list that is not at its end goes on attempt by attempt; what nobody asked for is said', async () => {
    expect(await faults([told('{ b: [failure, error, success] }'), RETRY], 'state: failed, steps: { b: { outcome: error } }')).toEqual(['only 2 of 3 answers were asked for']);
    expect(await faults([told('{ b: [failure, error] }'), RETRY, RETRY], 'state: succeeded, steps: { b: { attempts: 3 } }')).toEqual([]);
  });

  it('an order has answers of its own, counted from the first attempt that it makes', async () => {
    const retry = (answers: string): string => RETRY.replace(' }', `, answers: { b: ${answers} } }`);
    expect(await faults([told('{ b: failure }'), retry('[error, success]'), RETRY], 'state: succeeded, steps: { b: { attempts: 3 } }')).toEqual([]);
    expect(await faults([told('{ b: failure }'), retry('error'), RETRY], 'state: succeeded, steps: { b: { attempts: 3 } }')).toEqual([]);
    expect(await faults([told('{ b: failure }'), retry('[error, success]')], 'state: failed, steps: { b: { outcome: error } }')).toEqual(['only 1 of 2 answers were asked for']);
  });

  it('an order that is refused changes nothing, and a step that is settled goes on with its answers', async () => {
    const [refused, settled] = ['{ order: retry, flow: f, refused: only a run that has ended can be retried }', '{ resolve: { step: a, ran: false }, flow: f }'];
    expect(await faults([told('{ a: [unknown, error] }'), refused, settled], 'state: failed, steps: { a: { outcome: error } }')).toEqual([]);
    expect(await faults([told('{ a: unknown }'), refused], 'state: waiting')).toEqual([]);
    expect(await faults([told('{ a: [unknown, error] }'), settled, RETRY], 'state: succeeded, steps: { a: { attempts: 2 } }')).toEqual([]);
  });

  it('a rollback is ordered once more after one that failed; what was not asked for before is answered as the event says', async () => {
    const start = told('{ b: { rollback: failure } }');
    expect(await faults([start, ROLLBACK], 'state: failed, steps: { b: { rollback: failed } }')).toEqual([]);
    expect(await faults([start, ROLLBACK, ROLLBACK], 'state: rolled-back, steps: { b: { rollback: succeeded } }')).toEqual([]);
    expect(await faults([told('{ a: unknown, c: failure }'), '{ order: cancel, flow: f }'], 'state: cancelled, steps: { c: failed }')).toEqual([]);
  });
});
