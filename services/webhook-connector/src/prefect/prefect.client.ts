import { Refused, describe, type Connection, type ConnectionCalls, type StartedRun } from '@stellwerk/connector-kit';
import type { HttpResponse } from '@stellwerk/http';
import { expectStatus, readJson } from '../answers.js';

const WHO = 'Prefect';
/** Flow runs that one search gives at most. */
export const MOST_FOUND = 200;

/** The fields read of a flow run here; `libs/platforms` reads the others. */
export interface FlowRunAnswer {
  id?: string;
  name?: string;
  deployment_id?: string | null;
  idempotency_key?: string | null;
}

export interface Deployment {
  id: string;
  /** `flow/deployment`, the place of its runs. */
  repository: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const segments = (...names: string[]): string => names.map(encodeURIComponent).join('/');

/** By `flow/deployment` or by id. @throws Refused when there is none */
export const readDeployment = async (calls: ConnectionCalls, named: string): Promise<Deployment> => {
  const byId = UUID.test(named);
  const [flow, deployment] = named.split('/');
  const path = byId ? `/deployments/${named}` : `/deployments/name/${segments(flow ?? '', deployment ?? '')}`;
  const found = await readJson<{ id: string; name: string; flow_id: string }>(calls, path, { who: WHO });
  if (!found) throw new Refused(404, `Prefect has no deployment ${named}`);
  return { id: found.id, repository: byId ? `${await flowName(calls, found.flow_id)}/${found.name}` : named };
};

const flowName = async (calls: ConnectionCalls, id: string): Promise<string> => {
  const flow = await readJson<{ name: string }>(calls, `/flows/${encodeURIComponent(id)}`, { who: WHO });
  if (!flow) throw new Refused(404, `Prefect has no flow ${id}`);
  return flow.name;
};

/** 422: what was asked for is no UUID, so there is none. */
export const readFlowRun = (calls: ConnectionCalls, id: string): Promise<FlowRunAnswer | undefined> =>
  readJson<FlowRunAnswer>(calls, `/flow_runs/${encodeURIComponent(id)}`, { who: WHO, none: [404, 422] });

/** At most MOST_FOUND of those with one of the ids, or one of the idempotency keys. @throws Refused, ReadFailed */
export const findFlowRuns = async (calls: ConnectionCalls, by: 'id' | 'idempotency_key', values: readonly string[]): Promise<FlowRunAnswer[]> =>
  expectStatus(await calls.search('/flow_runs/filter', { flow_runs: { [by]: { any_: values } }, limit: MOST_FOUND }), WHO, 200).json<FlowRunAnswer[]>();

/** 422 says in a list of its own what is wrong. */
export const expectTaken = (response: HttpResponse): HttpResponse => {
  if (response.status === 200 || response.status === 201) return response;
  const detail = /"exception_detail":(.{0,300})/s.exec(response.text)?.[1];
  throw new Refused(response.status, `Prefect refuses: ${describe(response)}${detail === undefined ? '' : ` ${detail}`}`);
};

/** The page of a run: on Cloud another host, on a server beside the API. */
const pageOf = ({ url }: Connection, id: string): string => {
  const cloud = /\/api\/accounts\/([^/]+)\/workspaces\/([^/]+)$/.exec(url);
  if (cloud && new URL(url).hostname === 'api.prefect.cloud') return `https://app.prefect.cloud/account/${cloud[1]}/workspace/${cloud[2]}/runs/flow-run/${id}`;
  return `${url.replace(/\/api$/, '')}/runs/flow-run/${id}`;
};

export const startedRun = (connection: Connection, id: string, repository: string): StartedRun =>
  ({ id, attempt: 1, url: pageOf(connection, id), repository, pipeline: repository.split('/')[0] });
