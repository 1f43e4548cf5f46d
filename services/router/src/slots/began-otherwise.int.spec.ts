import { cloudEvent, requestId, requestedRunId, type RunRequested } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOut } from '../../test/carry-out.js';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';
import { toldBy } from '../../test/told-by.js';

const GO = 'uses: gitlab/trigger-pipeline, with: { project: any, ref: main }';
const WAIT = 'wait: { event: pipelinerun.finished, from: github, repository: acme/late, outcome: success }';

const flow = (name: string, on: string, steps: string, group = 'one'): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [${on}]
  report: []
  concurrency: { group: ${group} }
  steps:${steps}
`;

const JOIN = `{ all: { a: { from: github, repository: acme/joined }, b: { from: jenkins, repository: acme/joined } }, key: "\${{ event.sha }}" }`;

const FLOWS = [
  flow('again', '{ event: pipelinerun.finished, repository: acme/again }', `\n    go: { ${GO} }`),
  flow('undone', '{ event: pipelinerun.finished, repository: acme/undone }', `
    deploy: { ${GO}, rollback: { ${GO} } }
    smoke: { needs: [deploy], ${GO} }`, 'undone'),
  flow('joined', JOIN, `\n    late: { ${WAIT.replace(' }', ', key: "${{ event.sha }}" }')} }\n    go: { needs: [late], ${GO} }`),
].join('');

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

const begun = async (name: string, many: number): Promise<string[]> =>
  (await waitFor(async () => { const all = await rig.runs(name); return all.length >= many && all; }, { what: `${many} runs of ${name}`, timeoutMs: 90_000 })).map(({ id }) => id);

const order = async (name: string, key: string): Promise<string> => {
  const id = requestId(name, key);
  const run = requestedRunId(name, id);
  await rig.publish('events.status.run.requested', cloudEvent<RunRequested>({
    id, source: '/services/status', type: 'run.requested', subject: run, time: new Date(), correlationId: run, causationId: id,
    data: { flow: name, run, inputs: {}, by: 'alice', key, occurredAt: new Date().toISOString() },
  }));
  return run;
};

describe('a place in a group', () => {
  it('is asked for by a retry, and by a run that a person starts', async () => {
    await rig.github('again-1', { repository: 'acme/again' });
    const [first] = await begun('again', 1);
    await carryOut(rig, `${first}:go:run:1`, 'failure');
    await rig.reaches(first!, 'failed');
    const second = await order('again', 'second');
    await rig.reaches(second, 'running');
    expect(await rig.ask('router.retry', { run: first, by: 'alice' })).toMatchObject({ ok: true, detail: 'the run is queued' });
    const third = await order('again', 'third');
    expect(await rig.reaches(third, 'queued')).toMatchObject({ reason: `group "one" is full: run ${second} is in it` });
    expect(await rig.commands({ run: first })).toHaveLength(1);
    await carryOut(rig, `${second}:go:run:1`, 'success');
    await carryOut(rig, `${first}:go:run:2`, 'success');
    expect(await rig.reaches(first!, 'succeeded')).toMatchObject({ attempt: 2 });
    await carryOut(rig, `${third}:go:run:1`, 'success');
    await rig.reaches(third, 'succeeded');
    expect((await rig.database.query('SELECT * FROM slots')).rows).toEqual([]);
  });

  it('is not needed any more by a queued run that is rolled back', async () => {
    const first = await order('undone', 'first');
    await carryOut(rig, `${first}:deploy:run:1`, 'success');
    await carryOut(rig, `${first}:smoke:run:1`, 'failure');
    await rig.reaches(first, 'failed');
    const second = await order('undone', 'second');
    await rig.reaches(second, 'running');
    expect(await rig.ask('router.retry', { run: first, by: 'alice' })).toMatchObject({ ok: true, detail: 'the run is queued' });
    expect(await rig.ask('router.rollback', { run: first, by: 'alice', dryRun: false })).toMatchObject({ ok: true, detail: 'the run is rolling-back' });
    expect((await rig.database.query('SELECT run FROM slots')).rows).toEqual([{ run: second }]);
    await carryOut(rig, `${first}:deploy:rollback:1`, 'success');
    await rig.reaches(first, 'rolled-back');
    await carryOut(rig, `${second}:deploy:run:1`, 'success');
    await carryOut(rig, `${second}:smoke:run:1`, 'success');
    await rig.reaches(second, 'succeeded');
    expect((await rig.database.query('SELECT * FROM slots')).rows).toEqual([]);
  });

  it('and an event are waited for by runs of joins', async () => {
    const key = (n: number): string => String(n).repeat(40);
    for (const n of [1, 2]) {
      for (const platform of ['github', 'jenkins'] as const) await toldBy(rig, { platform, repository: 'acme/joined', id: `${n}-${platform}`, sha: key(n) });
      await begun('joined', n);
    }
    const [first, second] = await begun('joined', 2);
    await rig.reaches(second!, 'queued');
    // Before its turn as well.
    await rig.github('late-2', { repository: 'acme/late', sha: key(2) });
    await rig.quiet();
    expect(await rig.commands({ run: first })).toEqual([]);
    await rig.github('late-1', { repository: 'acme/late', sha: key(1) });
    await carryOut(rig, `${first}:go:run:1`, 'success');
    await carryOut(rig, `${second}:go:run:1`, 'success');
    await rig.reaches(second!, 'succeeded');
  });
});
