import type { Connection, ConnectionCalls, StartedRun } from '@stellwerk/connector-kit';
import { WORKFLOW_FIELDS } from '@stellwerk/platforms';
import { expectStatus, readJson } from '../answers.js';

export const WHO = 'Argo Workflows';
/** Our command as a label, so that many can be asked for at once; its value is the workflow's name. */
export const COMMAND_LABEL = 'stellwerk.dev/command';
/** Names in one list call: a URL has to stay short. */
const LISTED_AT_ONCE = 50;

/** The fields read of a workflow here; `libs/platforms` reads the others. */
export interface WorkflowAnswer {
  metadata?: { name?: string; namespace?: string };
  status?: { phase?: string };
}

export const workflowsPath = (namespace: string): string => `/api/v1/workflows/${encodeURIComponent(namespace)}`;

export const workflowPath = (namespace: string, name: string): string => `${workflowsPath(namespace)}/${encodeURIComponent(name)}`;

/** Undefined when there is none of that name, neither live nor archived. */
export const readWorkflow = (calls: ConnectionCalls, namespace: string, name: string): Promise<WorkflowAnswer | undefined> =>
  readJson<WorkflowAnswer>(calls, `${workflowPath(namespace, name)}?fields=${WORKFLOW_FIELDS}`, { who: WHO });

/** Those that we started, of these names. */
export const listWorkflows = async (calls: ConnectionCalls, namespace: string, names: readonly string[]): Promise<WorkflowAnswer[]> => {
  const fields = WORKFLOW_FIELDS.split(',').map((field) => `items.${field}`).join(',');
  const found: WorkflowAnswer[] = [];
  for (let at = 0; at < names.length; at += LISTED_AT_ONCE) {
    const selector = `${COMMAND_LABEL} in (${names.slice(at, at + LISTED_AT_ONCE).join(',')})`;
    const response = await calls.read(`${workflowsPath(namespace)}?listOptions.labelSelector=${encodeURIComponent(selector)}&fields=${fields}`);
    found.push(...(expectStatus(response, WHO, 200).json<{ items?: WorkflowAnswer[] | null }>().items ?? []));
  }
  return found;
};

export const startedRun = ({ url }: Connection, namespace: string, name: string, pipeline: string | undefined): StartedRun =>
  ({ id: name, attempt: 1, url: `${url}/workflows/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`, repository: namespace, pipeline });
