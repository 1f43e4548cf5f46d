import type { ActionCall, ConnectorAction, Sent, Target } from '@stellwerk/connector-kit';
import { PermanentError } from '@stellwerk/service-kit';
import { API_HEADERS, expectStatus, repositoryPath } from '../github.client.js';

/** GitHub refuses longer ones. */
const MAX_DESCRIPTION = 140;

const shortened = (text: string): string => (text.length <= MAX_DESCRIPTION ? text : `${text.slice(0, MAX_DESCRIPTION - 1)}…`);

const textIn = (values: Record<string, unknown>, name: string): string => {
  const value = values[name];
  if (typeof value !== 'string' || value === '') throw new PermanentError(`set-status needs \`${name}\``);
  return value;
};

/** `github/set-status`: the last one of a context counts, so setting it twice does no harm. */
export class SetStatusAction implements ConnectorAction {
  readonly name = 'set-status';
  readonly follows = false;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const repository = textIn(values, 'repository');
    repositoryPath(repository);
    const context = typeof values.context === 'string' ? values.context : 'default';
    return { repository, pipeline: context, ref: textIn(values, 'sha') };
  }

  /** The last one counts: two on their way at once could arrive in the other order. */
  async exclusive(): Promise<boolean> {
    return true;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { context, description, target_url } = call.with;
    const path = `${repositoryPath(textIn(call.with, 'repository'))}/statuses/${encodeURIComponent(textIn(call.with, 'sha'))}`;
    const json = {
      state: textIn(call.with, 'state'),
      ...(typeof context === 'string' ? { context } : {}),
      ...(typeof description === 'string' ? { description: shortened(description) } : {}),
      ...(typeof target_url === 'string' ? { target_url } : {}),
    };
    expectStatus(await call.calls.write({ method: 'POST', path, headers: API_HEADERS, json }, call), 200, 201);
    return { kind: 'accepted' };
  }
}
