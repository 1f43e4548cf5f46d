import { readFileSync, readdirSync } from 'node:fs';
import { PLATFORM_EVENT_TYPES, PlatformEvent, type Platform } from '@stellwerk/contracts';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import 'reflect-metadata';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionCatalog } from './action-catalog.js';
import { hookPlatforms } from './hook-platforms.js';
import type { HookContext } from './hook-platform.js';

const GITHUB_EVENTS = ['workflow_run', 'workflow_job', 'push', 'create', 'delete', 'pull_request', 'deployment_status', 'release', 'repository_dispatch'];
const GITLAB_KINDS = ['pipeline', 'build', 'push', 'tag_push', 'merge_request', 'deployment', 'release'];

const contextOf = (platform: Platform, event: string): HookContext => ({
  connection: 'one', platform, origin: 'https://ci.example.com', hookId: 'one:1', receivedAt: new Date('2026-11-24T08:00:00Z'),
  headers: { 'x-github-event': event },
});

const FIELDS = [
  'action', 'repository', 'full_name', 'id', 'workflow_run', 'workflow_job', 'head_branch', 'head_repository', 'run_attempt', 'conclusion',
  'pull_requests', 'pull_request', 'number', 'head', 'base', 'ref', 'ref_type', 'before', 'after', 'commits', 'added', 'deployment',
  'deployment_status', 'state', 'release', 'client_payload', 'object_attributes', 'project', 'path_with_namespace', 'status', 'builds',
  'variables', 'merge_request', 'iid', 'build_id', 'build_status', 'deployment_id', 'build', 'phase', 'scm', 'parameters', 'timestamp', 'url',
  'full_url', 'data', 'type', 'outcome', 'stellwerkId', 'message', '__proto__', 'constructor',
];
const WORDS = [
  'completed', 'requested', 'opened', 'closed', 'refs/heads/main', 'refs/tags/v1', 'failed', 'running', 'success', 'FINALIZED', 'STARTED',
  'published', 'create', 'open', '2026-11-24T08:00:00Z', 'acme/shop', 'job/a/job/%2', 'javascript:alert(1)', '\u0000', '\ud800', '0000000000',
];

/** JSON that looks much like a hook, with wrong types in any place. */
const hookish = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(...WORDS), fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null),
    tie('object'), fc.array(tie('value'), { maxLength: 4 }),
  ),
  object: fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 12 }),
})).object as fc.Arbitrary<Record<string, unknown>>;

const roundTrip = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const cases = [
  ...GITHUB_EVENTS.map((event) => ({ platform: 'github' as const, event, kind: undefined, type: undefined })),
  ...GITLAB_KINDS.map((kind) => ({ platform: 'gitlab' as const, event: '', kind, type: undefined })),
  { platform: 'jenkins' as const, event: '', kind: undefined, type: undefined },
  ...(['webhook', 'prefect', 'argo-workflows', 'argo-cd', 'n8n'] as const).flatMap((platform) =>
    [undefined, 'pipelinerun.finished', 'pipelinerun.started'].map((type) => ({ platform, event: '', kind: undefined, type }))),
];

describe.each(cases)('$platform $event $kind $type', ({ platform, event, kind, type }) => {
  const { translate } = hookPlatforms[platform]!;

  it('any JSON object is told or ignored with a reason, the same each time', () => {
    fc.assert(fc.property(hookish, (body) => {
      const hook = roundTrip({ ...body, ...(type && { type }), ...(kind && { object_kind: kind, project: { path_with_namespace: 'a/b' } }) });
      const once = translate(hook, contextOf(platform, event));
      expect(once.events.length > 0).toBe(once.ignored === undefined);
      expect(translate(hook, contextOf(platform, event))).toEqual(once);
      expect(new Set(once.events.map(({ id }) => id)).size).toBe(once.events.length);
      for (const told of once.events) {
        expect(PLATFORM_EVENT_TYPES).toContain(told.type);
        expect(validateSync(plainToInstance(PlatformEvent, told.data))).toEqual([]);
        // As a name it would reach prototypes; as a text it is a text.
        expect(JSON.stringify(told)).not.toMatch(/\\u0000|\\ud800|(?<!\\)"(?:__proto__|constructor)":/);
        const { url, run, change } = told.data;
        for (const address of [url, run?.url, change?.url]) expect(address ?? 'https://').toMatch(/^https?:/);
      }
    }), { numRuns: 300 });
  });

  it.each([null, [], 'text', 1, true])('refuses %j, which is no object', (body) => {
    expect(() => translate(body, contextOf(platform, event))).toThrow(TypeError);
  });
});

describe('the registry', () => {
  const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
    .map(({ name }) => name);

  it('has exactly the platforms that have a folder', () => {
    expect(Object.values(hookPlatforms).flatMap((known) => known?.platform ?? []).sort()).toEqual(folders.sort());
    expect(Object.entries(hookPlatforms).filter(([name, known]) => known && known.platform !== name)).toEqual([]);
  });

  it.each(folders)('%s has its four files', (folder) => {
    const files = readdirSync(new URL(`${folder}/`, import.meta.url));
    expect(files).toEqual(expect.arrayContaining(['verify.ts', 'translate.ts', 'payload.ts', 'actions.ts', 'golden']));
  });

  it('names no action twice, and each field with a description', () => {
    for (const actions of Object.values(actionCatalog)) {
      expect(new Set(actions.map(({ name }) => name)).size).toBe(actions.length);
      for (const { fields, outputs = {} } of actions) for (const field of [...Object.values(fields), ...Object.values(outputs)]) expect(field.description).not.toBe('');
    }
  });

  it('says what each action gives, but where the other side chooses the names', () => {
    const open = Object.entries(actionCatalog).flatMap(([platform, actions]) => actions.filter(({ outputs }) => !outputs).map(({ name }) => `${platform}/${name}`));
    expect(open).toEqual(['webhook/send', 'n8n/run-webhook']);
  });

  it('tells of every output in the guide', () => {
    const guide = readFileSync(new URL('../../../docs/how-to/step-outputs.md', import.meta.url), 'utf8');
    const rows = guide.split('\n').filter((line) => line.startsWith('| `'));
    const missing = Object.entries(actionCatalog).flatMap(([platform, actions]) => actions.flatMap(({ name, outputs }) => {
      const row = rows.find((line) => line.startsWith(`| \`${platform}/${name}\` |`));
      return Object.keys(outputs ?? {}).filter((output) => !row?.includes(`\`${output}\``)).map((output) => `${platform}/${name} ${output}`);
    }));
    expect(missing).toEqual([]);
  });
});
