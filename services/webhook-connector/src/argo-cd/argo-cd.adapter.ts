import { Injectable } from '@nestjs/common';
import type { Secrets } from '@stellwerk/config';
import { NotSent, UNGUARDED, type Connection, type ConnectionCalls, type ConnectorAction, type ConnectorAdapter, type FollowedRun, type PolledRun, type ShownIds, type StartedRun, type Target } from '@stellwerk/connector-kit';
import { nameOfCommand } from '@stellwerk/contracts';
import { argoCdOperationEvents, commandOfOperation, type ArgoCdApplication } from '@stellwerk/platforms';
import { expectStatus } from '../answers.js';
import { tokenHeaders } from '../credentials.js';
import { pollContext } from '../poll-context.js';
import { WHO, applicationPath, nameIn, readApplication, startedRun } from './argo-cd.client.js';
import { SyncAction } from './sync.action.js';

const nameOf = (operation: Parameters<typeof commandOfOperation>[0]): string | undefined => {
  const command = commandOfOperation(operation);
  return command === undefined ? undefined : nameOfCommand(command);
};

/** Names of the operations that an application shows: ordered, and begun or ended. */
const namesIn = ({ operation, status }: ArgoCdApplication): { ordered?: string; begun?: string } =>
  ({ ordered: nameOf(operation), begun: nameOf(status?.operationState?.operation) });

/** Argo CD, by the API of its server. */
@Injectable()
export class ArgoCdAdapter implements ConnectorAdapter {
  readonly platform = 'argo-cd';
  readonly actions: readonly ConnectorAction[] = [new SyncAction()];
  /** Answers whoever is logged in, and needs no right. */
  readonly probePath = '/api/v1/account/can-i/applications/get/*';

  credentials(connection: Connection, secrets: Secrets): Record<string, string> {
    return tokenHeaders(connection, secrets);
  }

  /** The order ends whatever goes on, so it is looked at first: another's operation is not ours to end. 400: it has ended meanwhile. */
  async cancel(calls: ConnectionCalls, { repository, runId }: { repository: string; runId?: string }): Promise<void> {
    const named = nameIn(repository);
    const application = await readApplication(calls, named);
    const { ordered, begun } = namesIn(application);
    if (ordered !== runId) return;
    if (begun !== runId) throw new NotSent('the operation has not begun yet, so it cannot be ended');
    expectStatus(await calls.write({ method: 'DELETE', path: applicationPath(named, '/operation') }, UNGUARDED), WHO, 200, 400);
  }

  async describe(calls: ConnectionCalls, target: Target, runId: string): Promise<StartedRun | undefined> {
    const application = await readApplication(calls, nameIn(target.repository));
    const { ordered, begun } = namesIn(application);
    return ordered === runId || begun === runId ? startedRun(calls.connection, application, runId) : undefined;
  }

  async poll(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[], shows: ShownIds): Promise<PolledRun[]> {
    const application = await readApplication(calls, nameIn(repository));
    const command = commandOfOperation(application.status?.operationState?.operation);
    const { begun } = namesIn(application);
    const run = runs.find(({ runId }) => runId === begun);
    if (!run || command === undefined) return [];
    shows(command, { repository, id: run.runId });
    return [{ runKey: run.runKey, events: argoCdOperationEvents(application, startedRun(calls.connection, application, run.runId)?.url, pollContext(calls.connection)) }];
  }
}
