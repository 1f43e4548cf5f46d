import { Fields, Refused, describe, type ActionCall, type ConnectorAction, type Looked, type Sent, type Target } from '@stellwerk/connector-kit';
import type { Outputs } from '@stellwerk/contracts';
import type { HttpResponse } from '@stellwerk/http';
import { asObject, legible } from '../answers.js';
import { headersOf } from '../headers.js';
import { pathBelow } from '../paths.js';
import { readExecution, startedRun } from './n8n.client.js';
import { webhookNodeHeaders } from './webhook-node-auth.js';

const pathIn = (values: Record<string, unknown>): string => pathBelow(`/${new Fields('run-webhook', values).text('path').replace(/^\/+/, '')}`);

/** `n8n/run-webhook`: the only way into a workflow. n8n has no search by our id, so that an unknown outcome awaits a person. */
export class RunWebhookAction implements ConnectorAction {
  readonly name = 'run-webhook';
  readonly follows = true;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const path = pathIn(values);
    return { repository: path, pipeline: path };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const headers = { ...headersOf(new Fields(this.name, call.with)), ...(await nodeHeaders(call)), 'stellwerk-id': call.commandId };
    // Not with the key of the public API: n8n keeps the headers of a webhook in the data of its execution.
    const request = { method: 'POST', path: `/webhook${pathIn(call.with)}`, anonymous: true, json: call.with.body ?? { stellwerkId: call.commandId }, headers } as const;
    const response = await call.calls.write(request, call);
    if (response.status < 200 || response.status >= 300) throw new Refused(response.status, `n8n refuses: ${describe(response)}`);
    const outputs = outputsIn(response);
    const execution = executionIn(outputs);
    return execution !== undefined && call.connection.auth?.token ? { kind: 'accepted', handle: execution, outputs } : { kind: 'accepted', untold: true, outputs };
  }

  /** From the execution's id to its workflow. An execution that n8n does not keep cannot be followed. */
  async resolve(call: ActionCall, handle: string): Promise<Looked> {
    const execution = await readExecution(call.calls, handle);
    const run = execution && startedRun(call.connection, execution);
    return run ? { kind: 'found', run } : { kind: 'absent' };
  }
}

const nodeHeaders = async ({ connection, reveal }: ActionCall): Promise<Record<string, string>> => {
  const asked = connection.auth?.webhook;
  return asked ? webhookNodeHeaders(asked, await reveal(asked.token), new Date()) : {};
};

/** What the workflow answers, or the first of its items. */
const outputsIn = (response: HttpResponse): Outputs | undefined => {
  const body = legible<unknown>(response);
  return asObject(Array.isArray(body) ? body[0] : body);
};

/** Where the workflow answers with `{ "executionId": "{{ $execution.id }}" }` in it. */
const executionIn = (outputs: Outputs | undefined): string | undefined => {
  const id = outputs?.executionId;
  return (typeof id === 'string' || typeof id === 'number') && /^[\w-]{1,64}$/.test(String(id)) ? String(id) : undefined;
};
