import { LRUCache } from 'lru-cache';
import type { Outputs } from '@stellwerk/contracts';
import { Fields, type ActionCall, type ConnectionCalls, type ConnectorAction, type Looked, type Sent, type StartedRun, type Target } from '@stellwerk/connector-kit';
import { PermanentError } from '@stellwerk/service-kit';
import { legible } from '../answers.js';
import { expectTaken, findFlowRuns, readDeployment, startedRun, type Deployment, type FlowRunAnswer } from './prefect.client.js';

const KEPT_MS = 60_000;
const MOST_KEPT = 1_000;

/** A deployment's names and ids hold neither more slashes nor anything that leads elsewhere. */
const NAMED = /^[^/%&<>]+\/[^/%&<>]+$|^[0-9a-f-]{36}$/i;

const deploymentIn = (values: Record<string, unknown>): string => {
  const deployment = new Fields('run-deployment', values).text('deployment');
  if (!NAMED.test(deployment)) throw new PermanentError(`run-deployment: "${deployment}" is neither flow/deployment nor the id of a deployment`);
  return deployment;
};

/** `prefect/run-deployment`. Our id is the idempotency key: sent again, it gives the run that is there. */
export class RunDeploymentAction implements ConnectorAction {
  readonly name = 'run-deployment';
  readonly follows = true;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];
  readonly #deployments = new LRUCache<string, Deployment>({ max: MOST_KEPT, ttl: KEPT_MS });

  target(values: Record<string, unknown>): Target {
    const deployment = deploymentIn(values);
    return { repository: deployment, pipeline: deployment };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { id, repository } = await this.deployment(call.calls, deploymentIn(call.with));
    const path = `/deployments/${encodeURIComponent(id)}/create_flow_run`;
    const response = expectTaken(await call.calls.write({ method: 'POST', path, json: orderOf(call) }, call));
    const run = legible<FlowRunAnswer | null>(response);
    return { kind: 'accepted', run: run?.id === undefined ? undefined : startedRun(call.connection, run.id, repository) };
  }

  outputsOf({ id }: StartedRun): Outputs {
    return { run: id };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const { repository } = await this.deployment(call.calls, deploymentIn(call.with));
    const [run] = await findFlowRuns(call.calls, 'idempotency_key', [call.commandId]);
    return run?.id === undefined ? { kind: 'absent' } : { kind: 'found', run: startedRun(call.connection, run.id, repository) };
  }

  /** @throws Refused */
  async deployment(calls: ConnectionCalls, named: string): Promise<Deployment> {
    const key = `${calls.connection.name}|${calls.connection.url}|${named}`;
    const known = this.#deployments.get(key) ?? (await readDeployment(calls, named));
    this.#deployments.set(key, known);
    return known;
  }
}

const orderOf = ({ with: values, commandId }: ActionCall): Record<string, unknown> => {
  const fields = new Fields('run-deployment', values);
  const order = {
    parameters: fields.mapOf('parameters'), tags: fields.listOf('tags'), name: fields.textOf('name'), job_variables: fields.mapOf('job-variables'),
    work_queue_name: fields.textOf('work-queue'), idempotency_key: commandId,
  };
  return Object.fromEntries(Object.entries(order).filter(([, value]) => value !== undefined));
};
