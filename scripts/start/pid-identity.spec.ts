import { waitFor } from '@stellwerk/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pidIdentity, stillRuns } from './pid-identity.ts';

it('a process is known by its number and its beginning', () => {
  const identity = pidIdentity(process.pid)!;
  expect(stillRuns({ pid: process.pid, identity })).toBe(true);
  expect(stillRuns({ pid: process.pid, identity: `${identity}0` })).toBe(false);
});

// Only Linux shows a zombie's beginning; `ps` elsewhere does not matter for containers.
it.runIf(existsSync('/proc/self/stat'))('one that was killed does not run, though its parent never asks for it', async () => {
  // The shell's place is taken by a program that waits for no child.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [line] = await once(parent.stdout, 'data') as [Buffer];
    const pid = Number(line.toString());
    const identity = pidIdentity(pid)!;
    expect(stillRuns({ pid, identity })).toBe(true);
    process.kill(pid, 'SIGKILL');
    await waitFor(() => !stillRuns({ pid, identity }), { what: 'the end of the process' });
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8'), 'it is there still').toContain(' Z ');
  } finally {
    parent.kill('SIGKILL');
  }
});
