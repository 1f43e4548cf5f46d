import { createRequire } from 'node:module';
import { PLATFORM_EVENT_TYPES } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { translateGithub } from './translate.js';

interface ExampleSet {
  name: string;
  examples: Record<string, unknown>[];
}

const sets = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json') as ExampleSet[];
const cases = sets.flatMap(({ name, examples }) => examples.map((body, index) => ({ name, index, body })));

const translated = (name: string, index: number, body: unknown) =>
  translateGithub(body, {
    connection: 'github', platform: 'github', origin: 'https://api.github.com', hookId: `github:${name}-${index}`,
    receivedAt: new Date('2026-11-24T08:00:00Z'), headers: { 'x-github-event': name },
  });

/** Per event: how many examples give which types; what is not listed is ignored. */
const EXPECTED: Record<string, Record<string, number>> = {
  workflow_run: { 'pipelinerun.queued': 2, 'pipelinerun.finished': 3 },
  workflow_job: { 'taskrun.started': 3, 'taskrun.finished': 2 },
  push: { 'branch.created': 2, 'commit.pushed': 2, 'tag.created': 1 },
  create: { 'tag.created': 5 },
  pull_request: { 'change.created': 6, 'change.updated': 1, 'change.abandoned': 2 },
  deployment_status: { 'deployment.finished': 3, 'deployment.started': 1 },
  release: { 'release.published': 3 },
  repository_dispatch: { 'custom.received': 2 },
};

describe("GitHub's own example payloads", () => {
  it('are all here', () => {
    expect(cases).toHaveLength(329);
  });

  it.each(cases)('$name $index normalizes or is ignored with a reason', ({ name, index, body }) => {
    const { events, ignored } = translated(name, index, body);
    expect(events.length > 0).toBe(ignored === undefined);
    for (const event of events) {
      expect(PLATFORM_EVENT_TYPES).toContain(event.type);
      expect(event.data.repository).toMatch(/^[^/]+\/[^/]+$/);
      expect(event.fact === event.id).toBe(event.type === 'custom.received');
    }
  });

  it.each(sets.map(({ name, examples }) => ({ name, examples })))('$name gives just the types it should', ({ name, examples }) => {
    const counts: Record<string, number> = {};
    for (const { type } of examples.flatMap((body, index) => translated(name, index, body).events)) counts[type] = (counts[type] ?? 0) + 1;
    expect(counts).toEqual(EXPECTED[name] ?? {});
  });
});
