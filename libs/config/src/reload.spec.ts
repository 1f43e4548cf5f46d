import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { ResourceParser } from '@stellwerk/flows';
import { Metrics } from '@stellwerk/service-kit';
import { waitFor } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it, vi, type Mock } from 'vitest';
import { ConfigReport } from './config-report.js';
import { LiveConfig } from './live-config.js';
import { Secrets } from './secrets.js';

const CONNECTION = 'kind: Connection\nmetadata: { name: github }\nspec: { platform: github, url: "https://api.github.com" }\n';
const flow = (name: string, branch = 'main'): string =>
  `kind: Flow\nmetadata: { name: ${name} }\nspec: { on: { event: commit.pushed, from: github, branches: ${branch} }, env: { sha: "\${{ event.sha }}" }, steps: { a: { wait: 1m } } }\n`;
const flows = (name: string, count: number): string => Array.from({ length: count }, (_, at) => flow(`${name}-${at}`)).join('---\n');

type Parse = ResourceParser['parse'];

describe('a reload of many flows', () => {
  let dir: string;
  let parse: Mock<Parse>;
  const original = ResourceParser.prototype.parse;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    parse = vi.spyOn(ResourceParser.prototype, 'parse') as Mock<Parse>;
    dir = await mkdtemp(join(tmpdir(), 'stellwerk-reload-'));
    await write('connection.yaml', CONNECTION);
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(dir, { recursive: true, force: true });
  });

  const write = (name: string, text: string): Promise<void> => writeFile(join(dir, name), text);
  const load = (): Promise<LiveConfig> =>
    LiveConfig.load({ directory: dir, service: 'router', secrets: new Secrets({}), report: new ConfigReport('router', new Metrics()) });
  const names = (live: LiveConfig): string[] => Object.keys(live.resources.current().flows);

  it('sees the one file that changed, also when it changes back, and what is removed', async () => {
    for (let at = 0; at < 30; at += 1) await write(`${at}.yaml`, flow(`flow-${at}`));
    const live = await load();
    const first = live.resources.current();
    await write('7.yaml', flow('flow-7', 'trunk'));
    await live.reload();
    const { flows: changed } = live.resources.current();
    expect(changed['flow-7']!.on[0]!.branches).toEqual(['trunk']);
    // The very same one: it was not looked at again.
    expect(changed['flow-8']).toBe(first.flows['flow-8']);
    await write('7.yaml', flow('flow-7'));
    await live.reload();
    expect(live.resources.current()).toEqual(first);
    await rm(join(dir, '7.yaml'));
    await live.reload();
    expect([names(live).length, names(live).includes('flow-7')]).toEqual([29, false]);
  });

  it('refuses a change that breaks a file which did not change', async () => {
    await write('flow.yaml', flow('one'));
    const live = await load();
    await write('connection.yaml', CONNECTION.replace('name: github', 'name: elsewhere'));
    await live.reload();
    expect(live.resources.lastError()).toMatchObject([{ file: join(dir, 'flow.yaml'), line: 3, message: expect.stringContaining('unknown connection "github"') as string }]);
    expect(names(live)).toEqual(['one']);
    await write('connection.yaml', CONNECTION);
    await live.reload();
    expect(live.resources.lastError()).toBeUndefined();
  });

  it('goes after the one before it: an older one never puts back what a newer one has read', async () => {
    await write('flow.yaml', flow('one'));
    const live = await load();
    const seen: string[] = [];
    live.resources.onChange(() => seen.push(names(live)[0]!));
    parse.mockClear();
    await write('flow.yaml', flows('slow', 200));
    const slow = live.reload();
    await waitFor(() => parse.mock.calls.length > 0, { what: 'the slow one to have read the files' });
    await write('flow.yaml', flow('two'));
    const later = live.reload();
    expect(live.reload()).toBe(later);
    await later;
    expect(seen).toEqual(['slow-0', 'two']);
    await slow;
    expect(names(live)).toEqual(['two']);
  });

  it('that fails does not keep the next one back', async () => {
    await write('flow.yaml', flow('one'));
    const live = await load();
    await write('flow.yaml', flow('two'));
    parse.mockImplementationOnce(() => { throw new Error('a fault of ours'); });
    await expect(live.reload()).rejects.toThrow('a fault of ours');
    await live.reload();
    expect(names(live)).toEqual(['two']);
  });

  it('is done a little at a time: everything else goes on meanwhile', async () => {
    const live = await load();
    let turn = 0;
    let isCounting = true;
    const count = (): void => void ((turn += 1) && isCounting && setImmediate(count));
    count();
    const turns: number[] = [];
    parse.mockImplementation(function* (this: ResourceParser, files) {
      const work = original.call(this, files);
      for (let step = work.next(); ; step = work.next()) {
        turns.push(turn);
        if (step.done) return step.value;
        yield;
      }
    });
    await write('flows.yaml', flows('flow', 300));
    await live.reload();
    isCounting = false;
    expect(names(live)).toHaveLength(300);
    // No step is more than a part of the work on one document, and the steps are spread over turns of the event loop.
    expect(turns.length).toBeGreaterThan(3 * 300);
    expect(new Set(turns).size).toBeGreaterThan(3);
  });

  it('does not come into force when the service stops meanwhile', async () => {
    await write('flow.yaml', flow('one'));
    const live = await load();
    await write('flow.yaml', flows('two', 20));
    const reload = live.reload();
    live.stop();
    await expect(reload).rejects.toThrow(/abort/);
    expect(names(live)).toEqual(['one']);
  });
});
