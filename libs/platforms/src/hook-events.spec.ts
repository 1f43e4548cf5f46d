import { readdirSync, readFileSync } from 'node:fs';
import { shortType, type CloudEvent, type PlatformEventType } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { githubHookEvents, gitlabHookSwitches, mayTellGithub } from './index.js';

const golden = (platform: string): { name: string; hook: { headers: Record<string, string>; body: Record<string, unknown> }; types: PlatformEventType[] }[] => {
  const folder = new URL(`${platform}/golden/`, import.meta.url);
  const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  return readdirSync(folder).filter((file) => file.endsWith('.hook.json')).map((file) => {
    const { events = [] } = read(file.replace('.hook.', '.events.')) as { events?: (CloudEvent & { type: string })[] };
    return { name: file, hook: read(file), types: events.map(({ type }) => shortType(type) as PlatformEventType) };
  });
};

/** GitLab names its switches and its kinds apart. */
const KINDS: Record<string, string> = {
  pipeline: 'pipeline_events', build: 'job_events', merge_request: 'merge_requests_events', push: 'push_events', tag_push: 'tag_push_events',
  deployment: 'deployment_events', release: 'releases_events',
};

describe('the webhooks to ask for', () => {
  it.each(golden('github').filter(({ types }) => types.length > 0))('of GitHub tell what they are asked for: $name', ({ hook, types }) => {
    const [event, action] = [hook.headers['x-github-event']!, hook.body.action as string | undefined];
    for (const type of types) expect([type, mayTellGithub([type], event, action)]).toEqual([type, true]);
  });

  it.each(golden('gitlab').filter(({ types }) => types.length > 0))('of GitLab tell what they are asked for: $name', ({ hook, types }) => {
    expect(gitlabHookSwitches(types)).toEqual([KINDS[hook.body.object_kind as string]]);
  });

  it('are asked for once each', () => {
    expect(githubHookEvents(['pipelinerun.started', 'pipelinerun.finished', 'commit.pushed', 'tag.created'])).toEqual(['workflow_run', 'push', 'create']);
    expect(gitlabHookSwitches(['pipelinerun.started', 'pipelinerun.finished', 'custom.received'])).toEqual(['pipeline_events']);
  });

  it('tell runs apart from what nobody waits for', () => {
    expect(mayTellGithub(['pipelinerun.finished'], 'workflow_run', 'in_progress')).toBe(false);
    expect(mayTellGithub(['pipelinerun.finished'], 'workflow_job', 'completed')).toBe(false);
  });
});
