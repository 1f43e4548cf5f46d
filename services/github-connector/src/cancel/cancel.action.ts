import { Fields, type ActionCall, type ConnectorAction, type Sent, type Target } from '@stellwerk/connector-kit';
import { cancelRun, repositoryPath } from '../github.client.js';
import { runIdIn } from '../run-id.js';

const read = (values: Record<string, unknown>): { repository: string; id: string } => {
  const fields = new Fields('cancel', values);
  return { repository: fields.text('repository'), id: runIdIn(fields) };
};

/** `github/cancel`: asking twice does no harm, and a run that has ended is as good as cancelled. */
export class CancelAction implements ConnectorAction {
  readonly name = 'cancel';
  readonly follows = false;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { repository, id } = read(values);
    repositoryPath(repository);
    return { repository, pipeline: `cancel of ${id}` };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    await cancelRun(call.calls, read(call.with), call);
    return { kind: 'accepted' };
  }
}
