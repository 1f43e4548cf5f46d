import { Injectable } from '@nestjs/common';
import type { Secrets } from '@stellwerk/config';
import {
  UNGUARDED, untilSeen, type Connection, type ConnectionCalls, type ConnectorAction, type ConnectorAdapter, type FollowedRun, type PolledRun, type ShownIds, type StartedRun,
  type Target,
} from '@stellwerk/connector-kit';
import { instanceOrigin } from '@stellwerk/contracts';
import { githubRunEvents } from '@stellwerk/platforms';
import { AppTokens } from './app-tokens.client.js';
import { CancelAction } from './cancel/cancel.action.js';
import { CommentAction } from './comment/comment.action.js';
import { CreateDeploymentAction } from './create-deployment/create-deployment.action.js';
import { DispatchRepositoryAction } from './dispatch-repository/dispatch-repository.action.js';
import { DispatchWorkflowAction } from './dispatch-workflow/dispatch-workflow.action.js';
import { Echoes } from './dispatched-runs/echoes.js';
import { cancelRun, readRun, walkDispatchedRuns, type DispatchEvent, type RunAnswer } from './github.client.js';
import { RerunAction } from './rerun/rerun.action.js';
import { SetDeploymentStatusAction } from './set-deployment-status/set-deployment-status.action.js';
import { SetStatusAction } from './set-status/set-status.action.js';
import { startedRunOf } from './started-run.js';

/** Runs that the list does not show are read one by one, so many at a look. */
const SINGLE_READS = 10;
/** Pages of a hundred that a look takes in. */
const LISTED_PAGES = 10;
const EVENTS: readonly DispatchEvent[] = ['workflow_dispatch', 'repository_dispatch'];
/** As it stands in the title of a run that shows it. */
const COMMAND_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:[^\s:]+:(?:run|rollback):\d+/g;

/** GitHub Actions, on github.com and Enterprise Server. */
@Injectable()
export class GithubAdapter implements ConnectorAdapter {
  readonly platform = 'github';
  readonly #echoes = new Echoes();
  readonly actions: readonly ConnectorAction[] = [
    new DispatchWorkflowAction(this.#echoes), new DispatchRepositoryAction(this.#echoes), new RerunAction(), new CancelAction(),
    new CreateDeploymentAction(), new SetDeploymentStatusAction(), new CommentAction(), new SetStatusAction(),
  ];
  readonly probePath = '/rate_limit';

  constructor(private readonly apps: AppTokens) {}

  async credentials(connection: Connection, secrets: Secrets): Promise<Record<string, string>> {
    const { auth } = connection;
    if (auth?.app) return { authorization: `Bearer ${await this.apps.token(connection, auth.app, secrets)}` };
    return auth?.token ? { authorization: `Bearer ${secrets.resolve(auth.token).reveal()}` } : {};
  }

  areNew({ url, auth }: Connection): boolean {
    return auth?.app !== undefined && this.apps.isNew(url, auth.app);
  }

  refused({ url, auth }: Connection): void {
    if (auth?.app) this.apps.forget(url, auth.app);
  }

  async cancel(calls: ConnectionCalls, { repository, runId }: { repository: string; runId?: string }): Promise<void> {
    await cancelRun(calls, { repository, id: runId ?? '' }, UNGUARDED);
  }

  async describe(calls: ConnectionCalls, target: Target, runId: string): Promise<StartedRun | undefined> {
    const run = await readRun(calls, target.repository, runId);
    return run && startedRunOf(run, target.repository, target.pipeline);
  }

  async poll(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[], shows: ShownIds): Promise<PolledRun[]> {
    const listed = await this.#listed(calls, repository, runs);
    const missing = runs.filter((run) => !listed.has(run.runId)).slice(0, SINGLE_READS);
    const read = await Promise.all(missing.map(async (run) => [run.runId, await readRun(calls, repository, run.runId)] as const));
    const answers = new Map([...listed, ...read.filter((entry): entry is [string, RunAnswer] => entry[1] !== undefined)]);
    for (const [id, { display_title: title }] of answers) {
      for (const [commandId] of (title ?? '').matchAll(COMMAND_ID)) shows(commandId, { repository, id });
    }
    return runs.flatMap((run) => this.#eventsOf(calls.connection, repository, run, answers.get(run.runId)));
  }

  /** A single run is read as such; those that one event's list does not show are sought in the other's. */
  async #listed(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[]): Promise<Map<string, RunAnswer>> {
    const seen = new Map<string, RunAnswer>();
    for (const event of EVENTS) {
      const left = runs.filter(({ runId }) => !seen.has(runId));
      if (left.length > 1) for (const [id, run] of await this.#list(calls, repository, event, left)) seen.set(id, run);
    }
    return seen;
  }

  async #list(calls: ConnectionCalls, repository: string, event: DispatchEvent, runs: readonly FollowedRun[]): Promise<Map<string, RunAnswer>> {
    const oldest = Math.min(...runs.map((run) => run.createdAt.getTime()));
    const seesAll = untilSeen(runs.map((run) => run.runId));
    const seen = new Map<string, RunAnswer>();
    await walkDispatchedRuns(calls, repository, { event, window: { from: new Date(oldest - 60_000) }, most: LISTED_PAGES }, (page) => {
      for (const run of page) seen.set(String(run.id), run);
      return seesAll(page.map(({ id }) => id));
    });
    return seen;
  }

  #eventsOf(connection: Connection, repository: string, run: FollowedRun, answer: RunAnswer | undefined): PolledRun[] {
    if (!answer) return [];
    this.#echoes.learn({ connection: connection.name, repository, workflow: run.pipeline ?? '' }, answer.display_title, run.commandId);
    const context = { connection: connection.name, platform: this.platform, origin: instanceOrigin('github', connection.url), receivedAt: new Date() } as const;
    return [{ runKey: run.runKey, events: githubRunEvents(answer, repository, context) }];
  }
}
