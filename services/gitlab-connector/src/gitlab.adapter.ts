import { Injectable } from '@nestjs/common';
import type { Secrets } from '@stellwerk/config';
import {
  Refused, UNGUARDED, untilSeen, type Connection, type ConnectionCalls, type ConnectorAction, type ConnectorAdapter, type FollowedRun, type PolledRun, type StartedRun, type Target,
} from '@stellwerk/connector-kit';
import { instanceOrigin } from '@stellwerk/contracts';
import { gitlabPipelineEvents } from '@stellwerk/platforms';
import { CancelAction } from './cancel/cancel.action.js';
import { CommentAction } from './comment/comment.action.js';
import { expectStatus, hasEnded, pipelinePages, projectOf, projectPath, readPipeline, walkPipelines, type PipelineAnswer } from './gitlab.client.js';
import { readJobs, type JobAnswer } from './jobs/jobs.client.js';
import { UnseenJobs } from './jobs/unseen-jobs.js';
import { PlayJobAction } from './play-job/play-job.action.js';
import { RetryAction } from './retry/retry.action.js';
import { SetStatusAction } from './set-status/set-status.action.js';
import { TriggerPipelineAction } from './trigger-pipeline/trigger-pipeline.action.js';

/** Pipelines read one by one at a look: those that have ended, and those that the list does not show. */
const SINGLE_READS = 10;
/** Pages of a hundred that a look takes in. */
const LISTED_PAGES = 10;

interface Seen {
  pipeline: PipelineAnswer;
  /** Of one that has ended, where they may be seen. */
  jobs?: readonly JobAnswer[];
}

/** GitLab CI, on gitlab.com and self-managed. */
@Injectable()
export class GitlabAdapter implements ConnectorAdapter {
  readonly platform = 'gitlab';
  readonly actions: readonly ConnectorAction[] = [
    new TriggerPipelineAction(), new SetStatusAction(), new RetryAction(), new CancelAction(), new PlayJobAction(), new CommentAction(),
  ];
  readonly probePath = '/api/v4/user';

  constructor(private readonly unseen: UnseenJobs) {}

  credentials({ auth }: Connection, secrets: Secrets): Record<string, string> {
    return auth?.token ? { 'private-token': secrets.resolve(auth.token).reveal() } : {};
  }

  /** The 200 proves nothing: the end is told by hook or poll. */
  async cancel(calls: ConnectionCalls, { repository, runId }: { repository: string; runId?: string }): Promise<void> {
    const path = `${projectPath(repository)}/pipelines/${encodeURIComponent(runId ?? '')}/cancel`;
    expectStatus(await calls.write({ method: 'POST', path }, UNGUARDED), 200, 201);
  }

  async describe(calls: ConnectionCalls, target: Target, runId: string): Promise<StartedRun | undefined> {
    const pipeline = await readPipeline(calls, target.repository, runId);
    if (!pipeline) return undefined;
    const repository = await projectOf(calls, pipeline, target.repository);
    return { id: String(pipeline.id), attempt: 1, number: pipeline.iid, url: pipeline.web_url, repository, pipeline: repository };
  }

  async poll(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[]): Promise<PolledRun[]> {
    const listed = runs.length > 1 ? await this.#list(calls, repository, runs) : new Map<string, PipelineAnswer>();
    const single = runs.filter(({ runId }) => !listed.has(runId) || hasEnded(listed.get(runId)!)).slice(0, SINGLE_READS);
    const read = await Promise.all(single.map(async ({ runId }) => [runId, await this.#look(calls, repository, runId)] as const));
    const answers = new Map<string, Seen | undefined>([...this.#unfinished(listed), ...read]);
    return runs.flatMap((run) => this.#eventsOf(calls.connection, repository, run, answers.get(run.runId)));
  }

  async #look(calls: ConnectionCalls, repository: string, id: string): Promise<Seen | undefined> {
    const pipeline = await readPipeline(calls, repository, id);
    if (!pipeline || !hasEnded(pipeline)) return pipeline && { pipeline };
    return { pipeline, jobs: await this.#jobs(calls, repository, id) };
  }

  /** Undefined where there is no list of jobs, or it may not be seen: the end is told all the same, being the same fact. @throws ReadFailed */
  async #jobs(calls: ConnectionCalls, repository: string, pipeline: string): Promise<readonly JobAnswer[] | undefined> {
    const { name } = calls.connection;
    try {
      const found = await readJobs(calls, repository, pipeline);
      this.unseen.seen(name, repository);
      return found?.jobs;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.unseen.refused(name, repository, error.message);
      return undefined;
    }
  }

  async #list(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[]): Promise<Map<string, PipelineAnswer>> {
    const oldest = Math.min(...runs.map((run) => run.createdAt.getTime()));
    const seesAll = untilSeen(runs.map(({ runId }) => runId));
    const seen = new Map<string, PipelineAnswer>();
    await walkPipelines(pipelinePages(calls, repository, { updatedAfter: new Date(oldest - 60_000), sort: 'desc' }), LISTED_PAGES, (page) => {
      for (const pipeline of page) seen.set(String(pipeline.id), pipeline);
      return seesAll(page.map(({ id }) => id));
    });
    return seen;
  }

  /** An end is told only from the single pipeline: the list has no end times. */
  #unfinished(listed: Map<string, PipelineAnswer>): [string, Seen][] {
    return [...listed].filter(([, pipeline]) => !hasEnded(pipeline)).map(([id, pipeline]) => [id, { pipeline }]);
  }

  #eventsOf(connection: Connection, repository: string, run: FollowedRun, seen: Seen | undefined): PolledRun[] {
    if (!seen) return [];
    const context = { connection: connection.name, platform: this.platform, origin: instanceOrigin('gitlab', connection.url), receivedAt: new Date() } as const;
    return [{ runKey: run.runKey, events: gitlabPipelineEvents(seen.pipeline, repository, context, seen.jobs) }];
  }
}
