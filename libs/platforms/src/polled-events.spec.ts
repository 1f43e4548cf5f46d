import { readFileSync } from 'node:fs';
import { factByJobs, type Platform } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { githubRunEvents, gitlabPipelineEvents, hookPlatforms, jenkinsBuildEvents, type PollContext, type TranslatedEvent } from './index.js';

const RECEIVED = new Date('2026-11-24T08:30:00Z');
const pollContext = (platform: Platform, origin: string): PollContext => ({ connection: 'other', platform, origin, receivedAt: RECEIVED });

const hooked = (platform: Platform, name: string, origin: string): TranslatedEvent => {
  const { headers, body } = JSON.parse(readFileSync(new URL(`${platform}/golden/${name}.hook.json`, import.meta.url), 'utf8'));
  const context = { connection: 'one', platform, origin, hookId: 'one:1', receivedAt: RECEIVED, headers };
  return hookPlatforms[platform]!.translate(body, context).events[0]!;
};

const bodyOf = (platform: Platform, name: string) =>
  JSON.parse(readFileSync(new URL(`${platform}/golden/${name}.hook.json`, import.meta.url), 'utf8')).body;

/** What two tellers may not disagree on. */
const core = ({ type, subject, fact, data }: TranslatedEvent) => {
  const { repository, branch, tag, sha, outcome, correlation, pipeline, jobsFinishedAt } = data;
  return { type, subject, fact, repository, branch, tag, sha, outcome, correlation, pipeline, jobsFinishedAt, run: { id: data.run?.id, url: data.run?.url } };
};

/** The API writes milliseconds and ISO where the hook writes seconds and spaces. */
const asOfApi = (time: string | null): string | null => time?.replace(' UTC', '.733Z').replace(' ', 'T') ?? null;

describe('a poll tells the same fact as the hook', () => {
  it.each(['workflow-run-requested', 'workflow-run-in-progress', 'workflow-run-completed-success', 'workflow-run-completed-second-attempt-timed-out'])('of GitHub: %s', (name) => {
    const origin = 'https://api.github.com';
    const [polled] = githubRunEvents(bodyOf('github', name).workflow_run, 'ACME/Shop', pollContext('github', origin));
    expect(core(polled!)).toEqual(core(hooked('github', name, origin)));
    expect(polled!.id).toBe(`other:poll:${polled!.fact}`);
    expect(polled!.data).not.toHaveProperty('hook');
  });

  it.each(['pipeline-pending', 'pipeline-running', 'pipeline-success', 'pipeline-canceled-tag', 'pipeline-retried-running', 'pipeline-failed-timeout', 'pipeline-failed-runner', 'pipeline-skipped-all-manual'])('of GitLab: %s', (name) => {
    const origin = 'https://gitlab.example.com';
    const { object_attributes: { url, finished_at: finished, ...pipeline }, builds } = bodyOf('gitlab', name);
    const answered = { ...pipeline, web_url: url, finished_at: asOfApi(finished), user: { username: 'ada' } };
    const jobs = finished ? builds.map((job: { finished_at: string | null }) => ({ ...job, finished_at: asOfApi(job.finished_at) })) : undefined;
    const [polled] = gitlabPipelineEvents(answered, 'acme/shop/scan', pollContext('gitlab', origin), jobs);
    expect(core(polled!)).toEqual(core(hooked('gitlab', name, origin)));
  });

  it('of a GitLab pipeline whose jobs it may not see, without their end', () => {
    const origin = 'https://gitlab.example.com';
    const [polled] = gitlabPipelineEvents(bodyOf('gitlab', 'pipeline-success').object_attributes, 'acme/shop/scan', pollContext('gitlab', origin));
    expect(polled!.fact).toBe(hooked('gitlab', 'pipeline-success', origin).fact);
    expect(polled!.data).not.toHaveProperty('jobsFinishedAt');
  });

  it('of a GitLab pipeline whose commit got a status after its end: another end, after the same jobs', () => {
    const origin = 'https://gitlab.example.com';
    const ends = ['pipeline-success', 'pipeline-success-after-status', 'pipeline-failed-after-status'].map((name) => hooked('gitlab', name, origin));
    expect(new Set(ends.map(({ fact }) => fact)).size).toBe(2);
    expect(new Set(ends.map(({ fact, data }) => factByJobs({ fact, jobsFinishedAt: data.jobsFinishedAt })))).toEqual(new Set([`${origin}/acme/shop/scan/pipelinerun/31/2026-11-24T08:03:50Z/finished`]));
    expect(gitlabPipelineEvents({ id: 1, status: 'success', source: 'external' }, 'a/b', pollContext('gitlab', origin), [])).toEqual([]);
  });

  it.each([['started', null], ['completed-success', 'SUCCESS'], ['finalized-success', 'SUCCESS']])('of Jenkins: %s', (name, result) => {
    const origin = 'https://ci.example.com/jenkins';
    const { build } = bodyOf('jenkins', name);
    const answered = {
      _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun', number: build.number, url: build.full_url, building: result === null, result,
      timestamp: 1_795_507_200_000, duration: build.duration,
      actions: [
        {}, null,
        { _class: 'hudson.model.CauseAction', causes: [{ _class: 'hudson.model.Cause$UserIdCause', shortDescription: 'Started by user', userId: 'robot' }] },
        { parameters: [{ name: 'PASSWORD' }, { name: 'STELLWERK_ID', value: build.parameters.STELLWERK_ID }] },
        { lastBuiltRevision: { SHA1: build.scm.commit, branch: [{ SHA1: build.scm.commit, name: 'refs/remotes/origin/main' }] } },
      ],
    };
    const [polled] = jenkinsBuildEvents(answered, 'shop/e2e', pollContext('jenkins', origin));
    expect(core(polled!)).toEqual(core(hooked('jenkins', name, origin)));
  });

  it('a result set while the build still runs is not its end', () => {
    const [polled] = jenkinsBuildEvents({ number: 1, building: true, result: 'FAILURE' }, 'a', pollContext('jenkins', 'https://ci.example.com'));
    expect(polled!.type).toBe('pipelinerun.started');
    expect(polled!.data).not.toHaveProperty('outcome');
  });

  it.each([null, 'x', [], {}, { id: 1, status: 'unheard-of' }, { number: 'one' }])('nothing comes of %j', (answer) => {
    expect(gitlabPipelineEvents(answer, 'a/b', pollContext('gitlab', 'https://gitlab.example.com'))).toEqual([]);
    expect(jenkinsBuildEvents(answer, 'a', pollContext('jenkins', 'https://ci.example.com'))).toEqual([]);
  });
});
