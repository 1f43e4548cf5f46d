import { madeIn, type ActionCall, type ConnectorAction, type Sent, type Target } from '@stellwerk/connector-kit';
import { expectStatus, repositoryPath, shortened, writeJson } from '../github.client.js';
import { setCheckRun } from './check-run.js';
import { readStatus, type Status } from './status.js';

/** `github/set-status`: the last one of a context counts, so setting it twice does no harm. An App says it as a check run. */
export class SetStatusAction implements ConnectorAction {
  readonly name = 'set-status';
  readonly follows = false;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { repository, sha, context = 'default' } = readStatus(values);
    return { repository, pipeline: context, ref: sha };
  }

  /** The last one counts: two on their way at once could arrive in the other order. */
  async exclusive(): Promise<boolean> {
    return true;
  }

  async send(call: ActionCall): Promise<Sent> {
    const status = readStatus(call.with);
    const { id } = await (call.connection.auth?.app ? setCheckRun(call, status) : setCommitStatus(call, status));
    return { kind: 'accepted', ...(id !== undefined && { outputs: { id } }) };
  }
}

const setCommitStatus = async (call: ActionCall, { repository, sha, state, context, description, targetUrl }: Status): Promise<{ id?: number }> => {
  const json = { state, context, description: description && shortened(description), target_url: targetUrl };
  const response = await writeJson(call.calls, call, { path: `${repositoryPath(repository)}/statuses/${encodeURIComponent(sha)}`, json });
  return madeIn<{ id: number }>(expectStatus(response, 200, 201));
};
