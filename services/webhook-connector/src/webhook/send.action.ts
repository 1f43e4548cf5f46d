import { nameOfCommand } from '@stellwerk/contracts';
import { Fields, Refused, describe, type ActionCall, type Connection, type ConnectorAction, type PlatformRequest, type Sent, type Target } from '@stellwerk/connector-kit';
import { givenUrl } from '@stellwerk/flows';
import type { HttpResponse } from '@stellwerk/http';
import { signStandardWebhook } from '@stellwerk/platforms';
import { PermanentError } from '@stellwerk/service-kit';
import { objectIn } from '../answers.js';
import { headersOf } from '../headers.js';
import { pathBelow } from '../paths.js';
import { calledBackRun } from './called-back-run.js';

type Address = Pick<PlatformRequest, 'path' | 'elsewhere' | 'anonymous'>;

const absolute = (url: string, connection: Connection): Address => {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new PermanentError(`send: url "${url}" is no http:// or https:// URL`);
  // Credentials are for one receiver: an address that a template chose does not get them.
  return { path: parsed.pathname, elsewhere: parsed.href, anonymous: parsed.origin !== new URL(connection.url).origin };
};

const addressOf = (fields: Fields, connection: Connection): Address => {
  const [url, path] = [fields.textOf('url'), fields.textOf('path')];
  if (url !== undefined && path !== undefined) throw new PermanentError('send takes either `url` or `path`');
  if (url !== undefined) return absolute(url, connection);
  if (givenUrl(connection) === undefined) throw new PermanentError(`connection "${connection.name}" has no url: give it one, or the step a \`url\``);
  return { path: path === undefined ? '' : pathBelow(path) };
};

/** The same on each try, as it is signed under the same id. */
const bodyOf = ({ command: { run, flow, step }, commandId, with: { body } }: ActionCall): string =>
  JSON.stringify(body ?? { type: 'step.requested', data: { stellwerkId: commandId, run, flow, step } });

/** `webhook/send`: Standard Webhooks. The receiver takes each `webhook-id` once, so that sending again does no harm. */
export class SendAction implements ConnectorAction {
  readonly name = 'send';
  readonly follows = true;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const fields = new Fields(this.name, values);
    return { repository: '', pipeline: fields.textOf('url') ?? fields.textOf('path') };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const fields = new Fields(this.name, call.with);
    const address = addressOf(fields, call.connection);
    const body = bodyOf(call);
    const headers = { ...headersOf(fields), ...(await this.#signature(call, body)), 'stellwerk-id': call.commandId };
    const response = judge(await call.calls.write({ method: 'POST', ...address, signed: body, headers }, call));
    return { kind: 'accepted', run: calledBackRun(call.connection, nameOfCommand(call.commandId)), outputs: objectIn(response) };
  }

  async #signature({ connection, commandId, reveal }: ActionCall, body: string): Promise<Record<string, string>> {
    const [first] = connection.webhook?.secrets ?? [];
    if (!first) throw new PermanentError(`connection "${connection.name}" has no webhook.secrets: nothing is sent unsigned`);
    return signStandardWebhook(await reveal(first), { id: nameOfCommand(commandId), body, at: new Date() });
  }
}

/** @throws Refused; https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const judge = (response: HttpResponse): HttpResponse => {
  const { status } = response;
  if (status >= 200 && status < 300) return response;
  const gone = status === 410 ? '; the receiver is gone for good and wants no more: take the step out of the flow' : '';
  throw new Refused(status, `the receiver refuses: ${describe(response)}${gone}`);
};
