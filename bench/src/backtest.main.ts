// node bench/src/backtest.main.ts [events] [flows]: how many events a second `stellwerk backtest` judges. Needs `npm run build`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '@stellwerk/cli';
import { FlowIndex, parseResources, type EventContext, type ResourceSet } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';

const [events = 100_000, flows = 200] = process.argv.slice(2).map(Number);
const REPOSITORIES = flows;

const flow = (at: number, branches: string): string => `---
kind: Flow
metadata: { name: flow-${at} }
spec:
  on:
    - { event: pipelinerun.finished, from: github, repository: acme/repository-${at}, branches: ${branches}, outcome: success, if: event.?actor.orValue("") != "robot" }
  env: { version: "\${{ event.sha }}" }
  steps: { deploy: { uses: github/dispatch-workflow, with: { repository: acme/deploy, workflow: deploy.yml, ref: main, inputs: { version: "\${{ env.version }}" } } } }
`;

/** Every tenth flow is changed. */
const configOf = (changed: boolean): string => `kind: Connection
metadata: { name: github }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
${Array.from({ length: flows }, (_, at) => flow(at, changed && at % 10 === 0 ? '[main, "release/**"]' : 'main')).join('')}`;

/** Of three events one is about a run that was green on main. */
const eventOf = (at: number): EventContext => ({
  id: `github:${at}:pipelinerun.finished`, type: 'pipelinerun.finished', fact: `https://api.github.com/acme/repository-${at % REPOSITORIES}/pipelinerun/${at}/1/finished`,
  connection: 'github', platform: 'github', repository: `acme/repository-${at % REPOSITORIES}`, branch: ['main', 'release/1', 'feature/x'][at % 3]!, sha: `${at}`.padStart(40, '0'),
  pipeline: 'CI', outcome: at % 7 === 0 ? 'failure' : 'success', actor: 'anna', run: { id: `${at}`, attempt: 1 }, occurredAt: '2026-11-24T08:00:00Z',
});

const parsed = (text: string): ResourceSet => parseResources([{ path: 'flows.yaml', text }], (platform) => actionCatalog[platform]).resources;

const perSecond = (ms: number): string => Math.round(events / (ms / 1_000)).toLocaleString('en');

const matching = (): number => {
  const sides = [configOf(false), configOf(true)].map((text) => new FlowIndex(Object.values(parsed(text).flows)));
  const all = Array.from({ length: events }, (_, at) => eventOf(at));
  const start = performance.now();
  for (const event of all) for (const side of sides) side.find(event);
  return performance.now() - start;
};

const whole = async (): Promise<{ ms: number; said: string }> => {
  const home = mkdtempSync(join(tmpdir(), 'stellwerk-bench-backtest-'));
  try {
    writeFileSync(join(home, 'events.jsonl'), Array.from({ length: events }, (_, at) => JSON.stringify(eventOf(at))).join('\n'));
    const [before, after] = (['before', 'after'] as const).map((name) => { writeFileSync(join(home, `${name}.yaml`), configOf(name === 'after')); return join(home, `${name}.yaml`); });
    const out: string[] = [];
    const start = performance.now();
    const code = await runCli(['backtest', after!, '--against', before!, '--events', join(home, 'events.jsonl'), '--examples', '0'], { out: (text) => out.push(text), err: () => undefined });
    if (code !== 0) throw new Error(`backtest ended with ${code}: ${out.join('\n')}`);
    return { ms: performance.now() - start, said: out.at(-1)! };
  } finally {
    rmSync(home, { recursive: true });
  }
};

const matched = matching();
const { ms, said } = await whole();
console.log(`${events} events, ${flows} flows, a tenth of them changed; ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`);
console.log(`matching against both sets: ${perSecond(matched)} events/s`);
console.log(`the whole command, files read and runs previewed: ${perSecond(ms)} events/s`);
console.log(said);
