/**
 * node bench/src/reload.main.ts [flows] [many|one] [tree]: what a service pays for its first load and for reloads of so many flows, one in a file or all in one.
 * `tree`: another clone, built, to compare with. Needs `npm run build`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { flow, shared, writeFolder } from './reload/config-folder.ts';

const [flows = '2000', files = 'many', tree = join(import.meta.dirname, '../..')] = process.argv.slice(2);
const of = <T>(path: string): Promise<T> => import(resolve(tree, path)) as Promise<T>;
const { LiveConfig } = await of<typeof import('../../libs/config/dist/live-config.js')>('libs/config/dist/live-config.js');
const { ConfigReport } = await of<typeof import('../../libs/config/dist/config-report.js')>('libs/config/dist/config-report.js');
const { Secrets } = await of<typeof import('../../libs/config/dist/secrets.js')>('libs/config/dist/secrets.js');
const { Logger } = await of<typeof import('@nestjs/common')>('node_modules/@nestjs/common/index.js');
const { Metrics } = await of<typeof import('@stellwerk/service-kit')>('libs/service-kit/dist/index.js');

const directory = mkdtempSync(join(tmpdir(), 'stellwerk-bench-reload-'));

const ms = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000;

/** Processor time of the loop's own thread from one look at it to the next: what a stretch takes on a machine that has nothing else to do. */
const longestTurn = (): (() => number) => {
  let [longest, last] = [0, process.threadCpuUsage()];
  const look = (): void => {
    longest = Math.max(longest, ms(process.threadCpuUsage(last)));
    last = process.threadCpuUsage();
  };
  const timer = setInterval(look, 1);
  return () => { look(); clearInterval(timer); return longest; };
};

/** Processor time of the whole process, its collector's threads too; the longest time for which nothing else got its turn. */
const measured = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const [cpu, start, longest] = [process.cpuUsage(), performance.now(), longestTurn()];
  loop.enable();
  const result = await work();
  // What stands in the last stretch is known only when the next ticks have come.
  for (let tick = 0; tick < 5; tick += 1) await delay(5);
  loop.disable();
  const figures = [(ms(process.cpuUsage(cpu)) / 1e3).toFixed(2), ((performance.now() - start) / 1e3).toFixed(2), Math.round(loop.max / 1e6), Math.round(longest())];
  console.log(`| ${what} | ${figures.join(' | ')} |`);
  return result;
};

const change = (name: string, text: string): void => writeFileSync(join(directory, name), text);
const changedFlow = (branch: string): void =>
  (files === 'one' ? change('flows.yaml', Array.from({ length: Number(flows) }, (_, at) => flow(at, at === 7 ? branch : 'main')).join('---\n')) : change('team-7/flow-7.yaml', flow(7, branch)));

Logger.overrideLogger(false);
console.log(`${flows} flows, ${files === 'one' ? 'in one file' : 'one a file'}; ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} processors, Node ${process.version}, load ${loadavg()[0]!.toFixed(1)}`);
console.log('\n| | CPU s | s | longest stretch ms | of that CPU-ms |\n|---|---:|---:|---:|---:|');
try {
  writeFolder(directory, Number(flows), files === 'one' ? 'one' : 'many');
  const options = { directory, service: 'router' as const, secrets: new Secrets({}), report: new ConfigReport('router', new Metrics()) };
  const live = await measured('first load', () => LiveConfig.load(options));
  const revisions = new Set([live.resources.current().revision]);
  const reload = async (what: string): Promise<void> => {
    await measured(what, () => live.reload());
    revisions.add(live.resources.current().revision);
    if (live.resources.lastError()) throw new Error(`refused: ${JSON.stringify(live.resources.lastError())}`);
  };
  await reload('nothing changed');
  changedFlow('trunk');
  await reload('a flow changed');
  changedFlow('main');
  await reload('and back');
  change('shared.yaml', shared('[main, "release/**"]'));
  await reload('an environment changed');
  change('shared.yaml', `${shared()}---\nkind: Connection\nmetadata: { name: another }\nspec: { platform: gitlab, url: "https://gitlab.acme.test" }\n`);
  await reload('a connection added');
  if (revisions.size !== 4) throw new Error(`expected 4 revisions, got ${revisions.size}`);
} finally {
  rmSync(directory, { recursive: true });
}
