import { LRUCache } from 'lru-cache';
import { nameOfCommand } from '@stellwerk/contracts';
import { Fields, Refused, describe, type ActionCall, type ConnectorAction, type Looked, type Sent, type Target } from '@stellwerk/connector-kit';
import { COMMAND_INFO, argoCdApplication } from '@stellwerk/platforms';
import { legible } from '../answers.js';
import { applicationPath, readApplication, startedRun, type ApplicationName } from './argo-cd.client.js';
import { begunAt, findOperation, isBusy, isOurs } from './find-operation.js';

const BUSY_RETRY_MS = 2_000;
/** Calls whose outcome may still be asked for. */
const MOST_REMEMBERED = 1_000;
/** util/argo/argo.go of Argo CD: gRPC FailedPrecondition, which is HTTP 400. */
const IN_PROGRESS = /another operation is already in progress/i;
const BUSY: Sent = { kind: 'not-started', reason: 'another operation of the application is in progress', retryMs: BUSY_RETRY_MS };

const namedIn = (values: Record<string, unknown>): ApplicationName => {
  const fields = new Fields('sync', values);
  return { name: fields.text('application'), namespace: fields.textOf('app-namespace'), project: fields.textOf('project') };
};

/** `argo-cd/sync`: one operation at a time for each application; our id stands in its `info`. */
export class SyncAction implements ConnectorAction {
  readonly name = 'sync';
  readonly follows = true;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];
  /** By command: what the application showed right before the call. */
  readonly #before = new LRUCache<string, string>({ max: MOST_REMEMBERED });

  target(values: Record<string, unknown>): Target {
    const { name, namespace } = namedIn(values);
    return { repository: namespace === undefined ? name : `${namespace}/${name}`, pipeline: name };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const named = namedIn(call.with);
    const application = await readApplication(call.calls, named);
    // Read first: most of the time this spares a call that would be refused.
    if (isBusy(application) && !isOurs(application, call.commandId)) return BUSY;
    this.#before.set(call.commandId, begunAt(application));
    const response = await call.calls.write({ method: 'POST', path: applicationPath({ name: named.name }, '/sync'), json: bodyOf(call) }, call);
    if (response.status === 400 && IN_PROGRESS.test(response.text)) return BUSY;
    if (response.status !== 200) throw new Refused(response.status, `Argo CD refuses: ${describe(response)}`);
    const synced = argoCdApplication(legible(response));
    return { kind: 'accepted', run: synced && startedRun(call.connection, synced, nameOfCommand(call.commandId)) };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const application = await readApplication(call.calls, namedIn(call.with));
    const found = findOperation(application, { commandId: call.commandId, sentAt: call.sentAt ?? new Date(), before: this.#before.get(call.commandId) });
    if (found.kind !== 'ours') return found;
    return { kind: 'found', run: startedRun(call.connection, application, nameOfCommand(call.commandId)) };
  }
}

const bodyOf = ({ with: values, commandId }: ActionCall): Record<string, unknown> => {
  const fields = new Fields('sync', values);
  const { name, namespace, project } = namedIn(values);
  const options = fields.listOf('sync-options');
  return {
    name, appNamespace: namespace, project, revision: fields.textOf('revision'), prune: fields.booleanOf('prune'), dryRun: fields.booleanOf('dry-run'),
    ...(options && { syncOptions: { items: options.map(String) } }), infos: [{ name: COMMAND_INFO, value: commandId }],
  };
};
