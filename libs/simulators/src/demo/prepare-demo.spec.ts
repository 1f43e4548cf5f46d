import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulatorsConfig } from '../simulators.config.js';
import { prepareDemo, QUICKSTART_URLS } from './prepare-demo.js';
import { runSimulators } from './run-simulators.js';

const example = join(import.meta.dirname, '../../../../examples/quickstart');

describe("the demo's preparation", () => {
  const prepare = (directory: string): ReturnType<typeof prepareDemo> => prepareDemo({ example, directory, hooksUrl: 'http://127.0.0.1:1/hooks' });

  it('puts the real addresses into every resource, and chooses ports and secrets once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'demo-'));
    const plan = await prepare(directory);
    const texts = readdirSync(plan.configDir)
      .map((file) => readFileSync(join(plan.configDir, file), 'utf8'))
      .join('\n');
    for (const url of Object.values(QUICKSTART_URLS)) expect(texts).not.toContain(url);
    for (const platform of ['github', 'gitlab', 'jenkins'] as const) expect(texts).toContain(`url: ${plan.urls[platform]} `);
    const named = [...texts.matchAll(/\{ env: (\w+) \}/g)].map((match) => match[1]!);
    expect(new Set(Object.keys(plan.env))).toEqual(new Set(named));
    expect(await prepare(directory)).toEqual(plan);
  });

  it('takes another port when somebody else sits on the one it had', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'demo-'));
    const { urls } = await prepare(directory);
    const squatter = createServer().listen(Number(new URL(urls.gitlab).port), '127.0.0.1');
    await once(squatter, 'listening');
    const again = await prepare(directory);
    squatter.close();
    expect(again.urls).toMatchObject({ github: urls.github, jenkins: urls.jenkins, chat: urls.chat });
    expect(again.urls.gitlab).not.toBe(urls.gitlab);
  });

  it('lets the simulators run where it said, with channel addresses that they know', async () => {
    const plan = await prepare(mkdtempSync(join(tmpdir(), 'demo-')));
    const { urls, close } = await runSimulators(simulatorsConfig({ ...plan.env, ...plan.simulatorsEnv }));
    try {
      expect(urls).toMatchObject({ ...plan.urls, slack: plan.env['SLACK_URL'], discord: plan.env['DISCORD_URL'] });
      const said = await fetch(plan.env['SLACK_URL']!, { method: 'POST', body: '{"text":"hello"}' });
      expect(await said.text()).toBe('ok');
    } finally {
      await close();
    }
  });

  it('names every variable that is missing', () => {
    expect(() => simulatorsConfig({ GITHUB_SIMULATOR_PORT: 'x' })).toThrow(
      /SIMULATORS_DIR is not set.*GITHUB_SIMULATOR_PORT is "x".*DISCORD_URL is not set/,
    );
  });
});
