import { Fields, madeIn, type ActionCall, type ConnectorAction, type Looked, type Sent, type Target } from '@stellwerk/connector-kit';
import { CLOCK_SKEW_MS, ROUNDING_MS } from '../dispatched-runs/find-run.js';
import { API_HEADERS, expectStatus, repositoryPath, shortened, writeJson } from '../github.client.js';

interface StatusAnswer {
  id?: number;
  state?: string;
  log_url?: string;
  environment_url?: string;
  description?: string | null;
  created_at?: string;
}

interface With {
  repository: string;
  deployment: number;
  state: string;
  logUrl?: string;
  environmentUrl?: string;
  description?: string;
  autoInactive?: boolean;
}

const read = (values: Record<string, unknown>): With => {
  const fields = new Fields('set-deployment-status', values);
  const description = fields.textOf('description');
  return {
    repository: fields.text('repository'), deployment: fields.integer('deployment_id'), state: fields.text('state'), logUrl: fields.textOf('log_url'), environmentUrl: fields.textOf('environment_url'),
    description: description && shortened(description), autoInactive: fields.booleanOf('auto_inactive'),
  };
};

const pathOf = ({ repository, deployment }: Pick<With, 'repository' | 'deployment'>): string => `${repositoryPath(repository)}/deployments/${deployment}/statuses`;

/** It says what was to be said. */
const saysThe = (of: With) => (status: StatusAnswer): boolean =>
  status.state === of.state && (status.description ?? '') === (of.description ?? '') && (status.log_url ?? '') === (of.logUrl ?? '') && (status.environment_url ?? '') === (of.environmentUrl ?? '');

/** `github/set-deployment-status`: each one is a line of the deployment's story, and is heard by whoever listens, so that it is not said twice. */
export class SetDeploymentStatusAction implements ConnectorAction {
  readonly name = 'set-deployment-status';
  readonly follows = false;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const of = read(values);
    pathOf(of);
    return { repository: of.repository, pipeline: `deployment ${of.deployment}` };
  }

  /** The last one counts: two on their way at once could arrive in the other order. */
  async exclusive(): Promise<boolean> {
    return true;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { state, logUrl, environmentUrl, description, autoInactive, ...place } = read(call.with);
    const json = { state, log_url: logUrl, environment_url: environmentUrl, description, auto_inactive: autoInactive };
    const { id } = madeIn<StatusAnswer>(expectStatus(await writeJson(call.calls, call, { path: pathOf(place), json }), 201));
    return { kind: 'accepted', ...(id !== undefined && { outputs: { id } }) };
  }

  /**
   * A status bears no id of ours. One since the call that says the same is it; and where the newest one says so, though it seems a little
   * older than the call as clocks differ, saying it once more would tell nothing new. It may be another's, so it gives no outputs.
   */
  async lookUp(call: ActionCall): Promise<Looked> {
    const of = read(call.with);
    const response = await call.calls.read(`${pathOf(of)}?per_page=100`, API_HEADERS);
    const newestFirst = expectStatus(response, 200).json<StatusAnswer[]>();
    const sentAt = (call.sentAt ?? new Date()).getTime();
    const since = (ms: number) => newestFirst.filter(({ created_at: at }) => Date.parse(at ?? '') >= sentAt - ms);
    const said = [...since(ROUNDING_MS), ...since(CLOCK_SKEW_MS).slice(0, 1)].some(saysThe(of));
    return said ? { kind: 'found' } : { kind: 'absent' };
  }
}
