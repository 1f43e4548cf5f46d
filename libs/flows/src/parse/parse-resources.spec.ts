import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ActionCatalog } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Fault } from '../fault.js';
import { givenUrl } from '../nowhere.js';
import { parseResources } from './parse-resources.js';
import type { ParsedResources } from './resource-parser.js';

const GOLDEN = join(import.meta.dirname, 'golden');
const catalog = JSON.parse(readFileSync(join(GOLDEN, 'actions.json'), 'utf8')) as ActionCatalog;
const EXAMPLE = readFileSync(join(GOLDEN, 'valid.yaml'), 'utf8');

const parse = (...texts: string[]): ParsedResources =>
  parseResources(texts.map((text, i) => ({ path: `${i}.yaml`, text })), (platform) => catalog[platform] ?? []);

const errors = (faults: Fault[]): Fault[] => faults.filter(({ severity }) => severity === 'error');

describe('resources', () => {
  it('reads the example of the language as it is meant', () => {
    const { resources, faults } = parse(EXAMPLE);
    expect(faults).toEqual([]);
    expect(Object.keys(resources.connections)).toEqual(['github', 'gitlab', 'jenkins']);
    expect(resources.connections.github).toMatchObject({ limits: { concurrency: 10, timeoutMs: 12_000 }, poll: { everyMs: 15_000 }, network: { allow: ['10.0.0.0/8'] } });
    expect(resources.connections.gitlab?.url).toBe('https://gitlab.example.com');
    const flow = resources.flows.release!;
    expect(flow.on).toEqual([{
      index: 0, event: ['pipelinerun.finished'], from: ['github'], repository: ['acme/shop'], pipeline: ['CI'], branches: ['main', 'release/**'],
      outcome: ['success'], forks: false, if: 'event.actor != "dependabot[bot]"', allowCircle: false,
    }]);
    expect(flow).toMatchObject({ onFailure: 'rollback', timeoutMs: 7_200_000, report: ['github'], notify: [{ channel: 'releases', on: ['failed', 'recovered', 'rolled-back'] }] });
    expect(flow.steps.map(({ name, needs, timeoutMs, retry, await: follows }) => [name, needs, timeoutMs, retry.attempts, follows])).toEqual([
      ['scan', [], 1_800_000, 3, true], ['e2e', ['scan'], 21_600_000, 1, true], ['deploy', ['e2e'], 21_600_000, 1, true], ['smoke', ['deploy'], 21_600_000, 1, true],
    ]);
    expect(flow.steps[0]!.retry).toEqual({ attempts: 3, on: ['failure', 'timeout', 'error'], backoffMs: 10_000, factor: 2, maxMs: 300_000 });
    expect(flow.steps[2]!.rollback?.with).toEqual({ repository: 'acme/shop', workflow: 'deploy.yml', ref: 'main', inputs: { version: '${{ environment.lastGood.env.version }}' } });
  });

  it('keep the pipeline whose run a step waits for', () => {
    const stepWith = (awaited: string) => parse(EXAMPLE, `kind: Flow\nmetadata: { name: short }\nspec: { on: { event: commit.pushed }, steps: { a: { uses: github/dispatch-repository, ${awaited} with: { repository: a/b, type: go } } } }`).resources.flows.short!.steps[0]!;
    expect(stepWith('await: { pipeline: deploy.yml },')).toMatchObject({ await: true, awaitPipeline: 'deploy.yml' });
    expect(stepWith('')).toMatchObject({ await: false });
    expect(stepWith('')).not.toHaveProperty('awaitPipeline');
    const back = (awaited: string) => stepWith(`${awaited} rollback: { uses: github/dispatch-workflow, with: { repository: a/b, workflow: back.yml, ref: main } },`).rollback;
    expect([back(''), back('await: { pipeline: deploy.yml },')].map((rollback) => rollback?.await)).toEqual([true, undefined]);
    const same = (awaited: string, own: string) => stepWith(`${awaited} rollback: { uses: github/dispatch-repository, ${own} with: { repository: a/b, type: back } },`).rollback;
    expect([same('', ''), same('await: { pipeline: a.yml },', '')].map((rollback) => rollback?.await)).toEqual([undefined, undefined]);
    expect(same('await: { pipeline: a.yml },', 'await: { pipeline: b.yml },')).toMatchObject({ await: true, awaitPipeline: 'b.yml' });
    expect(same('await: { pipeline: a.yml },', 'await: false,')).toMatchObject({ await: false });
  });

  it('keep how many may go on at once; a flow without a group is one group', () => {
    const shortWith = (more: string) => parse(EXAMPLE, `kind: Flow\nmetadata: { name: short }\nspec: { on: { event: commit.pushed }, ${more}, steps: { a: { uses: github/set-status, with: { repository: a/b, sha: "1", state: success } } } }`);
    expect(parse(EXAMPLE).resources.environments.production).toEqual({ name: 'production', labels: {}, branches: ['main', 'release/**'], concurrency: 1 });
    expect(shortWith('concurrency: {}').resources.flows.short!.concurrency).toEqual({ group: 'short', limit: 1, whenFull: 'queue' });
    const full = shortWith('concurrency: { group: "${{ event.branch }}", limit: 3, when-full: cancel-running }').resources.flows.short!;
    expect(full.concurrency).toEqual({ group: '${{ event.branch }}', limit: 3, whenFull: 'cancel-running' });
    expect(full.revision).not.toBe(shortWith('concurrency: {}').resources.flows.short!.revision);
    expect(shortWith('concurrency: { when-full: wait, limit: 0 }').faults.map(({ message }) => message)).toEqual([
      'expected one of queue, replace-queued, cancel-running, drop, got "wait"', 'expected a whole number from 1 to 1000, got the number 0']);
  });

  it('are plain JSON', () => {
    const { resources } = parse(EXAMPLE);
    expect(JSON.parse(JSON.stringify(resources))).toEqual(resources);
  });

  it('are looked up by name only: no resource is called "constructor" until someone defines it', () => {
    expect(parse(EXAMPLE).resources.connections.constructor).toBeUndefined();
  });

  it('take defaults for what a short flow does not say', () => {
    const { resources, faults } = parse(EXAMPLE, 'kind: Flow\nmetadata: { name: short }\nspec: { on: { event: commit.pushed }, steps: { a: { uses: github/set-status, with: { repository: a/b, sha: "1", state: success } } } }');
    expect(faults).toEqual([]);
    expect(resources.flows.short).toMatchObject({
      on: [{ event: ['commit.pushed'], forks: false, allowCircle: false }], onFailure: 'stop', timeoutMs: 86_400_000, env: {}, notify: [], labels: {},
      steps: [{ name: 'a', needs: [], await: false, retry: { attempts: 1 }, timeoutMs: 21_600_000 }],
    });
    expect(resources.flows.short).not.toHaveProperty('report');
  });

  it('name every secret with its place and who needs it', () => {
    const { secrets } = parse(EXAMPLE);
    expect(secrets.map(({ ref, use, platform, line }) => [Object.values(ref)[0], use, platform, line])).toEqual([
      ['GITHUB_HOOK_SECRET', 'webhook', 'github', 8], ['GITHUB_HOOK_SECRET_OLD', 'webhook', 'github', 8], ['GITHUB_TOKEN', 'auth', 'github', 10],
      ['GITLAB_HOOK_TOKEN', 'webhook', 'gitlab', 17], ['GITLAB_TOKEN', 'auth', 'gitlab', 17], ['/run/secrets/jenkins', 'auth', 'jenkins', 21],
      ['SLACK_URL', 'channel', undefined, 25], ['E2E_KEY', 'action', 'jenkins', 55],
    ]);
  });

  it('tell a connection without an address from one with any, though its facts have an origin', () => {
    const of = (spec: string) => parse(`kind: Connection\nmetadata: { name: events }\nspec: ${spec}`).resources.connections.events!;
    const bare = of('{ platform: webhook }');
    expect([givenUrl(bare), new URL(bare.url).hostname]).toEqual([undefined, 'events.invalid']);
    expect(givenUrl(of('{ platform: webhook, url: "https://deploy.example.com/" }'))).toBe('https://deploy.example.com');
  });

  it('know the private key of an App as a secret', () => {
    const { faults, secrets, resources } = parse('kind: Connection\nmetadata: { name: a }\nspec: { platform: github, url: "https://api.github.com", auth: { app: { id: 1, installation: 2, privateKey: { file: /run/app.pem } } } }');
    expect(faults).toEqual([]);
    expect(secrets).toMatchObject([{ ref: { file: '/run/app.pem' }, use: 'auth', platform: 'github', line: 3 }]);
    expect(resources.connections.a!.auth).toEqual({ app: { id: '1', installation: '2', privateKey: { file: '/run/app.pem' } } });
  });

  it('keep their revision over comments, layout and the order of keys and files, and change it with content', () => {
    const base = parse(EXAMPLE).resources;
    const relaid = EXAMPLE.split('\n---\n').map((text) => `# new\n${text.replaceAll(/ +#.*$/gm, '')}`).reverse();
    expect(parse(...relaid).resources.revision).toBe(base.revision);
    expect(parse(...relaid).resources.flows.release!.revision).toBe(base.flows.release!.revision);
    const changed = parse(EXAMPLE.replace('timeout: 2h', 'timeout: 3h')).resources;
    expect(changed.flows.release!.revision).not.toBe(base.flows.release!.revision);
    expect(changed.revision).not.toBe(base.revision);
    expect(base.revision).toMatch(/^[0-9a-f]{12}$/);
  });

  it('with faults are left out, and the others stay', () => {
    const { resources, faults } = parse(EXAMPLE, 'kind: Flow\nmetadata: { name: broken }\nspec: { on: { event: commit.pushed }, steps: { a: { uses: nowhere/x } } }');
    expect(errors(faults)).toHaveLength(1);
    expect(Object.keys(resources.flows)).toEqual(['release']);
  });

  it('defined twice are a fault, whatever the file', () => {
    const { faults, resources } = parse('kind: Environment\nmetadata: { name: a }\nspec: {}', 'kind: Environment\nmetadata: { name: a }\nspec: { branches: main }');
    expect(faults).toMatchObject([{ file: '1.yaml', line: 2, column: 19, message: 'Environment "a" is already defined at 0.yaml:2' }]);
    expect(resources.environments.a).not.toHaveProperty('branches');
  });

  it('never repeat a secret that was written out', () => {
    const { faults } = parse('kind: Connection\nmetadata: { name: a }\nspec: { platform: github, url: "https://x", webhook: { secrets: [hunter2] }, auth: { token: hunter2 } }');
    expect(errors(faults)).toHaveLength(2);
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });
});

describe('reading resources never throws', { timeout: 60_000 }, () => {
  const catchAll = (text: string): void => {
    const { faults } = parse(text);
    for (const fault of faults) {
      expect(fault.line).toBeGreaterThan(0);
      expect(fault.column).toBeGreaterThan(0);
      expect(fault.message).not.toBe('');
    }
  };

  it('for any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200, unit: 'binary' }), catchAll), { numRuns: 200 });
  });

  it('for any lines of YAML', () => {
    const line = fc.constantFrom('kind: Flow', 'kind: Connection', 'metadata: { name: a }', 'spec:', '  on:', '    - event: x', '  steps:', '    a: { uses: github/x }', '    if: "${{ a', '- &a b', '*a', '---', '? x', ': y', '"', '|', '>-', '\t', '!!binary x', '<<: *a', '%YAML 1.1', '...');
    fc.assert(fc.property(fc.array(line, { maxLength: 15 }).map((lines) => lines.join('\n')), catchAll), { numRuns: 300 });
  });

  it('for any content under the keys of a resource', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant('${{ event.x }}'), fc.constant('a/b'));
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, value, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('on', 'steps', 'uses', 'with', 'if', 'needs', 'env', 'event', 'from', 'platform', 'auth', 'token', 'notify', 'channel', 'rollback', 'retry', '__proto__', 'constructor', 'a'), tie('tree'), { maxKeys: 4 })),
    }));
    fc.assert(fc.property(fc.constantFrom('Flow', 'Connection', 'Channel', 'Environment'), tree, tree, (kind, metadata, spec) => {
      catchAll(stringify({ kind, metadata, spec }));
    }), { numRuns: 300 });
  });

  it.each([
    ['deep nesting', '['.repeat(50_000)],
    ['a billion laughs', `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]`).join('\n')}\n`],
    ['thousands of aliases', `a: &a 1\nb: [${Array(20_000).fill('*a').join(', ')}]\n`],
    ['a step called __proto__', 'kind: Flow\nmetadata: { name: a }\nspec: { on: { event: commit.pushed }, steps: { __proto__: { uses: a/b } } }'],
    ['a name of another type', 'kind: Flow\nmetadata: { name: [a] }\nspec: 3'],
  ])('for %s', (_name, text) => {
    catchAll(text);
    expect(parse(text).faults.length).toBeGreaterThan(0);
  });
});
