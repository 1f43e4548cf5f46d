import { SERVICES } from '@stellwerk/contracts';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

it('the bench says what a flow costs each process, and counts its statements', () => {
  const run = spawnSync(process.execPath, ['bench/bench.mjs', '--no-build', '--only', 'cost', '--flows', '40', '--rate', '20', '--json'], { cwd: ROOT, encoding: 'utf8' });
  expect(run.stderr.replace(/^·.*$/gm, '').trim()).toBe('');
  expect(run.status).toBe(0);
  const { cpuMs, statements, triggerMs } = JSON.parse(run.stdout) as { cpuMs: Record<string, number>; statements: { calls: number; commits: number }; triggerMs: { p99: number } };
  expect(Object.keys(cpuMs)).toEqual(expect.arrayContaining([...SERVICES, 'nats', 'postgres', 'driver', 'platform']));
  for (const name of ['ingress', 'router', 'github-connector', 'status', 'nats', 'postgres']) expect(cpuMs[name], name).toBeGreaterThan(0);
  expect(statements.calls).toBeGreaterThan(statements.commits);
  expect(statements.commits).toBeGreaterThan(0);
  expect(triggerMs.p99).toBeGreaterThan(0);
}, 300_000);
