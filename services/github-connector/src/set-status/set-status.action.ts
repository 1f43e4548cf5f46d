import { Fields, type ActionCall, type ConnectorAction, type Sent, type Target } from '@stellwerk/connector-kit';
import { expectStatus, repositoryPath, shortened, writeJson } from '../github.client.js';

const placeOf = (values: Record<string, unknown>): { repository: string; sha: string; context?: string } => {
  const fields = new Fields('set-status', values);
  return { repository: fields.text('repository'), sha: fields.text('sha'), context: fields.textOf('context') };
};

/** `github/set-status`: the last one of a context counts, so setting it twice does no harm. */
export class SetStatusAction implements ConnectorAction {
  readonly name = 'set-status';
  readonly follows = false;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { repository, sha, context = 'default' } = placeOf(values);
    repositoryPath(repository);
    return { repository, pipeline: context, ref: sha };
  }

  /** The last one counts: two on their way at once could arrive in the other order. */
  async exclusive(): Promise<boolean> {
    return true;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { repository, sha, context } = placeOf(call.with);
    const fields = new Fields(this.name, call.with);
    const description = fields.textOf('description');
    const json = { state: fields.text('state'), context, description: description && shortened(description), target_url: fields.textOf('target_url') };
    expectStatus(await writeJson(call.calls, call, { path: `${repositoryPath(repository)}/statuses/${encodeURIComponent(sha)}`, json }), 200, 201);
    return { kind: 'accepted' };
  }
}
