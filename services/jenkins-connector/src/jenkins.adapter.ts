import { Injectable } from '@nestjs/common';
import type { Secrets } from '@stellwerk/config';
import {
  Refused, UNGUARDED, describe, untilSeen, type Connection, type ConnectionCalls, type ConnectorAction, type ConnectorAdapter, type FollowedRun, type PolledRun,
  type ShownIds, type StartedRun, type Target,
} from '@stellwerk/connector-kit';
import { instanceOrigin } from '@stellwerk/contracts';
import { CORRELATION_NAME, jenkinsBuildEvents } from '@stellwerk/platforms';
import { parameterOf, post, readBuild, readBuilds, type BuildAnswer } from './jenkins.client.js';
import { jobUrlPath } from './job-path.js';
import { StartBuildAction } from './start-build/start-build.action.js';
import { StopBuildAction } from './stop-build/stop-build.action.js';
import { startedBuild } from './started-build.js';

const SINGLE_READS = 10;
/** Pages of a hundred that a look takes in. */
const LISTED_PAGES = 10;

/** Jenkins, by its remote API. */
@Injectable()
export class JenkinsAdapter implements ConnectorAdapter {
  readonly platform = 'jenkins';
  readonly actions: readonly ConnectorAction[] = [new StartBuildAction(), new StopBuildAction()];
  readonly probePath = '/api/json?tree=_class';

  credentials({ auth }: Connection, secrets: Secrets): Record<string, string> {
    if (!auth?.token) return {};
    const token = secrets.resolve(auth.token).reveal();
    if (!auth.user) return { authorization: `Bearer ${token}` };
    return { authorization: `Basic ${Buffer.from(`${auth.user}:${token}`).toString('base64')}` };
  }

  /** Jenkins answers a stop by a redirect to the build. A build or item that is gone needs no stopping. */
  async cancel(calls: ConnectionCalls, { repository, runId, handle }: { repository: string; runId?: string; handle?: string }): Promise<void> {
    const path = runId === undefined ? `/queue/cancelItem?id=${encodeURIComponent(handle ?? '')}` : `${jobUrlPath(repository)}/${encodeURIComponent(runId)}/stop`;
    const response = await post(calls, { path }, UNGUARDED);
    if (response.status >= 400 && response.status !== 404) throw new Refused(response.status, `Jenkins refuses: ${describe(response)}`);
  }

  async describe(calls: ConnectionCalls, target: Target, runId: string): Promise<StartedRun | undefined> {
    const build = await readBuild(calls, target.repository, runId);
    return build && startedBuild(build, target.repository);
  }

  async poll(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[], shows: ShownIds): Promise<PolledRun[]> {
    const seesAll = untilSeen(runs.map(({ runId }) => runId));
    const listed = runs.length > 1 ? (await readBuilds(calls, repository, LISTED_PAGES, (page) => seesAll(page.map(({ number }) => number)))).builds : [];
    const answers = new Map<string, BuildAnswer>(listed.map((build) => [String(build.number), build]));
    const missing = runs.filter(({ runId }) => !answers.has(runId)).slice(0, SINGLE_READS);
    const read = await Promise.all(missing.map(async ({ runId }) => readBuild(calls, repository, runId)));
    for (const build of read) if (build) answers.set(String(build.number), build);
    for (const [id, build] of answers) {
      const commandId = parameterOf(build, CORRELATION_NAME);
      if (typeof commandId === 'string') shows(commandId, { repository, id });
    }
    return runs.flatMap((run) => this.#eventsOf(calls.connection, repository, run, answers.get(run.runId)));
  }

  #eventsOf(connection: Connection, repository: string, run: FollowedRun, answer: BuildAnswer | undefined): PolledRun[] {
    if (!answer) return [];
    const context = { connection: connection.name, platform: this.platform, origin: instanceOrigin('jenkins', connection.url), receivedAt: new Date() } as const;
    return [{ runKey: run.runKey, events: jenkinsBuildEvents(answer, repository, context) }];
  }
}
