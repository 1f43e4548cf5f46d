import { describe, expect, it } from 'vitest';
import { nextDelay } from './back-off.ts';
import { tellingLines } from './log-lines.ts';
import { parseOptions } from './options.mjs';
import { startConfig } from './start.config.ts';

describe('back-off', () => {
  it('doubles from 250 ms to 10 s and starts again after 30 s of life', () => {
    const delays: number[] = [];
    for (let previous = 0; delays.length < 8; previous = delays.at(-1)!) delays.push(nextDelay(previous, 10));
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect(nextDelay(8000, 30_000)).toBe(250);
  });
});

describe('options', () => {
  it('folders are taken from where the user is', () => {
    expect(parseOptions(['--data', 'state', '--config', '.'], '/tmp')).toEqual({ data: '/tmp/state', config: '/tmp', help: false });
  });

  it.each([['--config', '/no/such/folder'], ['--confg', '/tmp'], ['extra']])('refuses %s %s', (...args) => {
    expect(parseOptions(args, '/tmp')).toHaveProperty('fault');
  });
});

describe('environment', () => {
  it('a port that is none is refused by the name of its variable', () => {
    expect(() => startConfig({ INGRESS_PORT: 'http' })).toThrow('INGRESS_PORT is "http"');
  });
});

describe('telling lines', () => {
  it('keeps plain text and errors, and leaves what a service says all day', () => {
    const log = '{"level":"info","msg":"route.done"}\nplain words\n\n{"level":"fatal","reason":"no stream HOOKS","msg":"process.failed"}\n';
    expect(tellingLines(log)).toEqual(['plain words', 'process.failed: no stream HOOKS']);
  });
});
