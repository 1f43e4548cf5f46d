import { Injectable } from '@nestjs/common';
import type { Secrets } from '@stellwerk/config';
import { UNGUARDED, type Connection, type ConnectionCalls, type ConnectorAction, type ConnectorAdapter, type FollowedRun, type PolledRun, type ShownIds, type StartedRun, type Target } from '@stellwerk/connector-kit';
import { prefectFlowRunEvents } from '@stellwerk/platforms';
import { expectStatus } from '../answers.js';
import { tokenHeaders } from '../credentials.js';
import { pollContext } from '../poll-context.js';
import { MOST_FOUND, findFlowRuns, readFlowRun, startedRun } from './prefect.client.js';
import { RunDeploymentAction } from './run-deployment.action.js';

/** Prefect 3, Cloud and self-hosted. */
@Injectable()
export class PrefectAdapter implements ConnectorAdapter {
  readonly platform = 'prefect';
  readonly #runs = new RunDeploymentAction();
  readonly actions: readonly ConnectorAction[] = [this.#runs];
  readonly probePath = '/admin/version';

  /** Cloud: an API key as bearer. A server: `PREFECT_SERVER_API_AUTH_STRING`, user and password. */
  credentials(connection: Connection, secrets: Secrets): Record<string, string> {
    return tokenHeaders(connection, secrets);
  }

  /** Prefect may take the order, or turn it down because the run has ended; both answer 200 or 201, and the end is told by hook or poll. */
  async cancel(calls: ConnectionCalls, { runId }: { runId?: string }): Promise<void> {
    const json = { state: { type: 'CANCELLING', message: 'Cancelled by Stellwerk' }, force: false };
    expectStatus(await calls.write({ method: 'POST', path: `/flow_runs/${encodeURIComponent(runId ?? '')}/set_state`, json }, UNGUARDED), 'Prefect', 200, 201, 404);
  }

  async describe(calls: ConnectionCalls, target: Target, runId: string): Promise<StartedRun | undefined> {
    const deployment = await this.#runs.deployment(calls, target.repository);
    const run = await readFlowRun(calls, runId);
    return run?.id !== undefined && run.deployment_id === deployment.id ? startedRun(calls.connection, run.id, deployment.repository) : undefined;
  }

  async poll(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[], shows: ShownIds): Promise<PolledRun[]> {
    const ids = runs.map(({ runId }) => runId);
    const answers = [];
    for (let at = 0; at < ids.length; at += MOST_FOUND) answers.push(...(await findFlowRuns(calls, 'id', ids.slice(at, at + MOST_FOUND))));
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    for (const { id, idempotency_key: command } of answers) if (id !== undefined && typeof command === 'string') shows(command, { repository, id });
    return runs.flatMap(({ runKey, runId }) => {
      const answer = byId.get(runId);
      const { url } = startedRun(calls.connection, runId, repository);
      return answer ? [{ runKey, events: prefectFlowRunEvents(answer, { repository, url }, pollContext(calls.connection)) }] : [];
    });
  }
}
