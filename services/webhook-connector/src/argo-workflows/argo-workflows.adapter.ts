import { Injectable } from '@nestjs/common';
import type { Secrets } from '@stellwerk/config';
import { UNGUARDED, type Connection, type ConnectionCalls, type ConnectorAction, type ConnectorAdapter, type FollowedRun, type PolledRun, type StartedRun, type Target } from '@stellwerk/connector-kit';
import { argoWorkflowEvents, outcomeOfArgoWorkflow } from '@stellwerk/platforms';
import { expectStatus } from '../answers.js';
import { tokenHeaders } from '../credentials.js';
import { pollContext } from '../poll-context.js';
import { WHO, listWorkflows, readWorkflow, startedRun, workflowPath, type WorkflowAnswer } from './argo-workflows.client.js';
import { SubmitAction } from './submit.action.js';

/** Runs that the list does not show (archived, or started by others) are read one by one, so many at a look. */
const SINGLE_READS = 10;

const hasEnded = (workflow: WorkflowAnswer | undefined): boolean => workflow === undefined || outcomeOfArgoWorkflow(workflow.status?.phase) !== undefined;

/** Argo Workflows, by the API of its server. */
@Injectable()
export class ArgoWorkflowsAdapter implements ConnectorAdapter {
  readonly platform = 'argo-workflows';
  readonly actions: readonly ConnectorAction[] = [new SubmitAction()];
  readonly probePath = '/api/v1/userinfo';

  credentials(connection: Connection, secrets: Secrets): Record<string, string> {
    return tokenHeaders(connection, secrets);
  }

  /** Stopped, not terminated: its exit handlers run. Argo answers 500 where it has ended, so it is looked at first. */
  async cancel(calls: ConnectionCalls, { repository, runId = '' }: { repository: string; runId?: string }): Promise<void> {
    if (hasEnded(await readWorkflow(calls, repository, runId))) return;
    const json = { namespace: repository, name: runId, message: 'cancelled by Stellwerk' };
    expectStatus(await calls.write({ method: 'PUT', path: `${workflowPath(repository, runId)}/stop`, json }, UNGUARDED), WHO, 200, 404);
  }

  async describe(calls: ConnectionCalls, target: Target, runId: string): Promise<StartedRun | undefined> {
    const workflow = await readWorkflow(calls, target.repository, runId);
    return workflow && startedRun(calls.connection, target.repository, runId, target.pipeline);
  }

  async poll(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[]): Promise<PolledRun[]> {
    const listed = runs.length > 1 ? await listWorkflows(calls, repository, runs.map(({ runId }) => runId)) : [];
    const answers = new Map<string | undefined, unknown>(listed.map((answer) => [answer.metadata?.name, answer]));
    const missing = runs.filter(({ runId }) => !answers.has(runId)).slice(0, SINGLE_READS);
    await Promise.all(missing.map(async ({ runId }) => answers.set(runId, await readWorkflow(calls, repository, runId))));
    return runs.map(({ runKey, runId, pipeline }) => {
      const { url } = startedRun(calls.connection, repository, runId, pipeline);
      return { runKey, events: argoWorkflowEvents(answers.get(runId), { repository, pipeline, url }, pollContext(calls.connection)) };
    });
  }
}
