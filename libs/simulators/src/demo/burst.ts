import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DemoClient, type PushedRun } from './demo.client.js';
import { FINAL_STATES, type RunSeen } from './views.js';

export interface BurstOptions {
  statusUrl: string;
  simulators: { github: string; gitlab: string };
  /** Changes pushed at once. */
  count: number;
  print: (line: string) => void;
  /** Default five minutes. */
  timeoutMs?: number;
}

export interface BurstResult {
  /** Runs by the state they ended in; `missing` and `open` when there are such. */
  states: Record<string, number>;
  /** Milliseconds from the hook that left GitHub to the first call at GitLab. */
  p50: number;
  p99: number;
  max: number;
  /** First triggers counted at GitLab; more than `count` would be doubles. */
  triggers: number;
}

const CI_MILLISECONDS = 200;
const LOOK_EVERY_MILLISECONDS = 2000;

/** Many changes at once: waits until each run has ended and measures from the simulators' journals. */
export const runBurst = async ({ statusUrl, simulators, count, print, timeoutMs = 300_000 }: BurstOptions): Promise<BurstResult> => {
  const client = new DemoClient(statusUrl, simulators.github);
  const pushed = await Promise.all(
    Array.from({ length: count }, (_none, index) =>
      client.push({ sha: randomBytes(20).toString('hex'), milliseconds: CI_MILLISECONDS, message: `Change ${index + 1} of ${count}` }),
    ),
  );
  print(`${count} changes were pushed at once; their CI runs end in ${CI_MILLISECONDS} ms`);
  const runs = await untilEnded(client, pushed, Date.now() + timeoutMs, print);
  const delays = await hookToTrigger(client, simulators.gitlab, pushed);
  const result = {
    states: countStates(runs),
    triggers: delays.triggers,
    p50: percentile(delays.values, 50),
    p99: percentile(delays.values, 99),
    max: percentile(delays.values, 100),
  };
  print(`ended: ${JSON.stringify(result.states)}, first triggers: ${result.triggers} of ${count}`);
  print(`from hook to first trigger: p50 ${result.p50} ms, p99 ${result.p99} ms, slowest ${result.max} ms`);
  return result;
};

const untilEnded = async (
  client: DemoClient,
  pushed: PushedRun[],
  deadline: number,
  print: (line: string) => void,
): Promise<(RunSeen | undefined)[]> => {
  const runs = new Map<string, RunSeen>();
  const shas = new Set(pushed.map(({ head_sha: sha }) => sha));
  for (;;) {
    const open = pushed.filter(({ head_sha: sha }) => !FINAL_STATES.includes(runs.get(sha)?.state ?? ''));
    if (open.length === 0 || Date.now() > deadline) return pushed.map(({ head_sha: sha }) => runs.get(sha));
    for (const run of await client.newestRuns(pushed.length * 2)) if (run.event.sha && shas.has(run.event.sha)) runs.set(run.event.sha, run);
    print(`${runs.size} of ${pushed.length} started, ${[...runs.values()].filter((run) => FINAL_STATES.includes(run.state)).length} ended`);
    await wait(LOOK_EVERY_MILLISECONDS);
  }
};

const hookToTrigger = async (client: DemoClient, gitlab: string, pushed: PushedRun[]): Promise<{ values: number[]; triggers: number }> => {
  const hooks = await client.endHooks();
  const triggers = (await client.triggers(gitlab, '/pipeline')).map(({ at, body }) => ({
    at,
    sha: (body as { inputs?: { sha?: string } } | undefined)?.inputs?.sha,
  }));
  const ours = pushed.map((push) => ({ hook: hooks.get(String(push.id)), triggers: triggers.filter(({ sha }) => sha === push.head_sha) }));
  const values = ours.flatMap(({ hook, triggers: [first] }) =>
    hook?.deliveredAt && first ? [Date.parse(first.at) - Date.parse(hook.deliveredAt)] : [],
  );
  return { values: values.sort((left, right) => left - right), triggers: ours.reduce((sum, { triggers: all }) => sum + all.length, 0) };
};

const countStates = (runs: (RunSeen | undefined)[]): Record<string, number> => {
  const states: Record<string, number> = {};
  for (const run of runs) {
    const state = run === undefined ? 'missing' : FINAL_STATES.includes(run.state) ? run.state : 'open';
    states[state] = (states[state] ?? 0) + 1;
  }
  return states;
};

const percentile = (sorted: number[], percent: number): number => sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
