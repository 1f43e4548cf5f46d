/** node bench/src/lines.main.ts [runs] [limits] [turns]: what a start and a turn cost where so many wait in one group; what an event costs that many runs wait for. Needs `npm run build`. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { startLoneRouter, type LoneRouter } from './lines/lone-router.ts';

const [runs = 5_000, , turns = 200] = process.argv.slice(2).map(Number);
const limits = (process.argv[3] ?? '1,10').split(',').map(Number);
const AT_ONCE = 100;
const EVENTS = 20;
const WAITING = Math.min(runs, 2_000);

const flow = (name: string, more: string, step: string): string => `apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/${name} }]
  report: []
  ${more}
  steps: { go: { ${step} } }
---
`;

/** Processor time in ms; /proc counts hundredths of a second. */
const cpuOf = (pid: number): number => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);

const quiet = async (router: LoneRouter): Promise<void> => { while (!await router.isQuiet()) await delay(20); };

const measured = async (router: LoneRouter, what: string, count: number, work: () => Promise<void>): Promise<void> => {
  await router.counter.reset();
  const [start, cpu] = [performance.now(), cpuOf(router.pid)];
  await work();
  await quiet(router);
  const { calls, commits, top } = await router.counter.read(1_000);
  const each = (value: number): string => (value / count).toFixed(1);
  console.log(`| ${what} | ${count} | ${each(performance.now() - start)} | ${each(cpuOf(router.pid) - cpu)} | ${each(top.reduce((sum, { ms }) => sum + ms, 0))} | ${each(calls)} | ${each(commits)} |`);
};

const begin = async (router: LoneRouter, name: string, count = runs): Promise<void> => {
  for (let n = 0; n < count; n += AT_ONCE) await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - n) }, (_, at) => router.told('github', `${name}-${n + at}`, { repository: `acme/${name}` })));
};

const takeTurns = async (router: LoneRouter): Promise<void> => {
  for (let done = 0; done < turns;) {
    const sent = await router.commands();
    await Promise.all(sent.map((command) => router.carryOut(command)));
    done += sent.length;
    if (sent.length === 0) await delay(5);
  }
};

const line = async (limit: number): Promise<void> => {
  const router = await startLoneRouter(flow('line', `concurrency: { group: all, limit: ${limit} }`, 'uses: gitlab/trigger-pipeline, with: { project: any, ref: main }'));
  await measured(router, `a start in a group of ${limit} that is full`, runs, () => begin(router, 'line'));
  await measured(router, `a turn in a group of ${limit}`, turns, () => takeTurns(router));
  await router.stop();
};

const waits = async (name: string, filters: string): Promise<void> => {
  const router = await startLoneRouter(flow(name, '', `wait: { event: pipelinerun.finished, from: github, ${filters} }`));
  const elsewhere = async (): Promise<void> => {
    for (let n = 0; n < EVENTS; n += 1) {
      await router.told('github', `elsewhere-${Math.random()}`, { repository: 'acme/elsewhere', branch: 'other' });
      await quiet(router);
    }
  };
  await measured(router, 'an event, nobody waits', EVENTS, elsewhere);
  await begin(router, name, WAITING);
  await quiet(router);
  await measured(router, `an event that none of them takes, ${WAITING} wait by ${filters}`, EVENTS, elsewhere);
  await measured(router, `the event that all ${WAITING} of them take`, 1, () => router.told('github', 'taken', { repository: 'acme/scan', branch: 'go' }));
  await router.stop();
};

console.log(`${runs} runs; ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} processors, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`);
console.log('\n| | count | ms each | router, CPU-ms each | Postgres, ms each | statements each | commits each |\n|---|---:|---:|---:|---:|---:|---:|');
for (const limit of limits) await line(limit);
await waits('named', 'repository: acme/scan');
await waits('any', 'branches: [go]');
