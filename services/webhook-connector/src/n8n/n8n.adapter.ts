import { Injectable } from '@nestjs/common';
import type { Secrets } from '@stellwerk/config';
import { UNGUARDED, type Connection, type ConnectionCalls, type ConnectorAction, type ConnectorAdapter, type FollowedRun, type PolledRun, type StartedRun, type Target } from '@stellwerk/connector-kit';
import { n8nExecutionEvents } from '@stellwerk/platforms';
import { expectStatus } from '../answers.js';
import { pollContext } from '../poll-context.js';
import { WHO, executionPath, listExecutions, readExecution, startedRun } from './n8n.client.js';
import { RunWebhookAction } from './run-webhook.action.js';

/** Executions that the list does not show are read one by one, so many at a look. */
const SINGLE_READS = 10;

/** n8n: its webhooks to start a workflow, its public API to follow it. */
@Injectable()
export class N8nAdapter implements ConnectorAdapter {
  readonly platform = 'n8n';
  readonly actions: readonly ConnectorAction[] = [new RunWebhookAction()];
  readonly probePath = '/api/v1/executions?limit=1';

  credentials({ auth }: Connection, secrets: Secrets): Record<string, string> {
    return auth?.token ? { 'x-n8n-api-key': secrets.resolve(auth.token).reveal() } : {};
  }

  /** n8n has nothing to stop in what has ended (404, 409). */
  async cancel(calls: ConnectionCalls, { runId, handle }: { runId?: string; handle?: string }): Promise<void> {
    expectStatus(await calls.write({ method: 'POST', path: `${executionPath(runId ?? handle ?? '')}/stop` }, UNGUARDED), WHO, 200, 404, 409);
  }

  async describe(calls: ConnectionCalls, _target: Target, runId: string): Promise<StartedRun | undefined> {
    const execution = await readExecution(calls, runId);
    return execution && startedRun(calls.connection, execution);
  }

  async poll(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[]): Promise<PolledRun[]> {
    const listed = runs.length > 1 ? await listExecutions(calls, repository) : [];
    const answers = new Map(listed.map((answer) => [String(answer.id), answer]));
    const missing = runs.filter(({ runId }) => !answers.has(runId)).slice(0, SINGLE_READS);
    const read = await Promise.all(missing.map(async ({ runId }) => [runId, await readExecution(calls, runId)] as const));
    for (const [id, answer] of read) if (answer) answers.set(id, answer);
    return runs.flatMap(({ runKey, runId, commandId }) => {
      const answer = answers.get(runId);
      const run = answer && startedRun(calls.connection, answer);
      return run ? [{ runKey, events: n8nExecutionEvents(answer, { repository, url: run.url, correlation: commandId }, pollContext(calls.connection)) }] : [];
    });
  }
}
