import type { Connection, ConnectionCalls, StartedRun } from '@stellwerk/connector-kit';
import { expectStatus, readJson } from '../answers.js';

export const WHO = 'n8n';
/** Executions that one list call gives: https://docs.n8n.io/api/pagination/ */
const LISTED = 250;

/** The fields read of an execution here; `libs/platforms` reads the others. */
export interface ExecutionAnswer {
  id?: string | number;
  workflowId?: string;
}

export const executionPath = (id: string): string => `/api/v1/executions/${encodeURIComponent(id)}`;

/** Undefined when n8n has none of that id, or did not keep it. */
export const readExecution = (calls: ConnectionCalls, id: string): Promise<ExecutionAnswer | undefined> =>
  readJson<ExecutionAnswer>(calls, executionPath(id), { who: WHO, none: [400, 404] });

/** The newest executions of a workflow. */
export const listExecutions = async (calls: ConnectionCalls, workflow: string): Promise<ExecutionAnswer[]> => {
  const response = await calls.read(`/api/v1/executions?workflowId=${encodeURIComponent(workflow)}&limit=${LISTED}`);
  return expectStatus(response, WHO, 200).json<{ data?: ExecutionAnswer[] }>().data ?? [];
};

/** Undefined for an answer that names no workflow. */
export const startedRun = ({ url }: Connection, { id, workflowId }: ExecutionAnswer): StartedRun | undefined => {
  if (id === undefined || workflowId === undefined) return undefined;
  return { id: String(id), attempt: 1, url: `${url}/workflow/${encodeURIComponent(workflowId)}/executions/${encodeURIComponent(id)}`, repository: workflowId };
};
