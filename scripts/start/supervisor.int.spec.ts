import { tempDir, waitFor, type TempDir } from '@stellwerk/testing';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataDir } from './data-dir.ts';
import { checkReady } from './management.ts';
import type { ProcessSpec } from './process-spec.ts';
import { ProcessTable, type ProcessEntry } from './process-table.ts';
import { Supervisor } from './supervisor.ts';

// What a service does towards its supervisor, in a few lines: a management server, its port over the channel.
const SERVICE = `
import { createServer } from 'node:http';
const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1', () =>
  process.send({ event: 'listening', managementPort: server.address().port }));
`;

let dir: TempDir;
let data: DataDir;
let supervisor: Supervisor;
let said: string[];

beforeEach(async () => {
  dir = await tempDir('supervisor');
  data = new DataDir(dir.path);
  said = [];
  supervisor = new Supervisor(data, (line) => said.push(line));
});

afterEach(async () => {
  await supervisor.stop();
  await dir.remove();
});

const spec = (name: string, source: string, change: Partial<ProcessSpec> = {}): ProcessSpec => {
  mkdirSync(dir.path, { recursive: true });
  const script = join(dir.path, `${name}.mjs`);
  writeFileSync(script, source);
  return {
    name, channel: true, readyWithinMs: 10_000, stop: { signal: 'SIGTERM', graceMs: 5_000 },
    command: async () => ({ command: process.execPath, args: [script], cwd: dir.path }),
    check: async (child) => checkReady((await child.listening).managementPort!),
    ...change,
  };
};

const entries = (): ProcessEntry[] => ProcessTable.read(data.file('processes.json'));
const entry = (name: string): ProcessEntry | undefined => entries().find((one) => one.name === name);
const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('a process that is killed comes back with a new number, and it is said', async () => {
  await supervisor.start([spec('router', SERVICE)]);
  const first = entry('router')!;
  expect(first).toMatchObject({ ready: true, starts: 1, managementPort: expect.any(Number) });
  process.kill(first.pid, 'SIGKILL');
  const second = await waitFor(() => entry('router')?.starts === 2 && entry('router')?.ready && entry('router'), { what: 'the second start' });
  expect(second).not.toMatchObject({ pid: first.pid });
  await waitFor(() => said.length === 2, { what: 'both lines' });
  expect(said).toEqual(['router ended (SIGKILL); starting it again in 0.25 s', 'router is ready again']);
});

it('exit code 2 at the first start ends it all with the faults of all services, each once', async () => {
  const refuses = (name: string, ...faults: string[]): ProcessSpec =>
    spec(name, `${faults.map((fault) => `console.error('${name}: ${fault}');`).join('')} process.exit(2);`);
  const start = supervisor.start([refuses('ingress', 'a.yaml:3:7: no secret X', 'b.yaml:1:1: no list'), refuses('router', 'b.yaml:1:1: no list'), spec('status', SERVICE)]);
  await expect(start).rejects.toMatchObject({ exitCode: 2, message: 'the configuration is not valid:\na.yaml:3:7: no secret X\nb.yaml:1:1: no list' });
});

it('one that ends at every start ends the start with the reason', async () => {
  await expect(supervisor.start([spec('router', "throw new TypeError('no stream HOOKS');")])).rejects.toThrow(/router is not ready after 5 starts.*TypeError: no stream HOOKS/s);
  expect(said[0]).toBe('router ended (exit 1: TypeError: no stream HOOKS); starting it again in 0.25 s');
});

it('one that never gets ready ends the start with its last words', async () => {
  const silent = spec('status', "console.log('waiting for the moon'); setInterval(() => {}, 1000);", { readyWithinMs: 500 });
  await expect(supervisor.start([silent])).rejects.toThrow(/status is not ready after 0.5 s.*\n {2}waiting for the moon/s);
});

it('one that hangs at the end is killed when its grace is over, and the table is empty then', async () => {
  const deaf = spec('notifier', `${SERVICE} process.on('SIGTERM', () => {});`, { stop: { signal: 'SIGTERM', graceMs: 300 } });
  await supervisor.start([deaf]);
  const { pid } = entry('notifier')!;
  await supervisor.stop();
  expect(runs(pid)).toBe(false);
  expect(entries()).toEqual([]);
});

it('groups are stopped the other way round than they were started', async () => {
  const goodbye = (name: string): string => `${SERVICE}
import { appendFileSync } from 'node:fs';
process.on('SIGTERM', () => { appendFileSync('order', '${name} '); process.exit(0); });`;
  await supervisor.start([spec('server', goodbye('server'))]);
  await supervisor.start([spec('service', goodbye('service'))]);
  await supervisor.stop();
  expect(readFileSync(join(dir.path, 'order'), 'utf8')).toBe('service server ');
});

it('what a killed supervisor left running is ended, and a number used again by something else is left alone', async () => {
  await supervisor.start([spec('router', SERVICE)]);
  const left = entry('router')!;
  const other: ProcessEntry = { ...left, name: 'status', pid: process.pid, identity: 'another time' };
  const file = data.file('processes.json');
  writeFileSync(file, JSON.stringify([left, other]));
  await new Supervisor(data, (line) => said.push(line)).cleanUp();
  expect(said).toContain('ended what the last start left running: router');
  expect(runs(process.pid)).toBe(true);
});
