import type { Secrets } from '@stellwerk/config';
import { ConnectionCalls, UNGUARDED, type ActionCall, type Connection, type ConnectorAdapter } from '@stellwerk/connector-kit';
import { HttpClient } from '@stellwerk/http';
import { Secret } from '@stellwerk/service-kit';

export interface CallOptions {
  url: string;
  with: Record<string, unknown>;
  action: string;
  token: string;
  user?: string;
  /** In place of token and user. */
  auth?: Connection['auth'];
  awaitPipeline?: string;
  carrier?: boolean;
  /** Addresses of runs that other commands own. */
  claimed?: string[];
  /** Queue items that other commands wait for. */
  taken?: string[];
  sentAt?: Date;
  commandId?: string;
  /** Of the connection, beside what every one has. */
  settings?: Partial<Connection>;
}

const COMMAND = '9b1c1f7e-0000-8000-8000-000000000000:step:run:1';

/** A call of an action over real HTTP, without dispatching around it. */
export const actionCall = (adapter: ConnectorAdapter, options: CallOptions): ActionCall => {
  const connection = {
    name: 'c', platform: adapter.platform, url: options.url, labels: {}, auth: options.auth ?? { token: { env: 'T' }, user: options.user }, limits: { concurrency: 4, timeoutMs: 2_000 },
    network: { allow: ['127.0.0.0/8'] }, poll: { everyMs: 1_000 }, ...options.settings,
  } as Connection;
  const secrets = { resolve: () => new Secret(options.token) } as unknown as Secrets;
  const calls = new ConnectionCalls({
    connection, http: new HttpClient(), probePath: adapter.probePath, credentials: () => adapter.credentials(connection, secrets), onChange: () => undefined,
  });
  const commandId = options.commandId ?? COMMAND;
  return {
    commandId, connection, calls, carrier: options.carrier ?? true, with: options.with, sentAt: options.sentAt,
    command: { run: commandId.split(':')[0]!, flow: 'f', step: 'step', purpose: 'run', n: 1, connection: 'c', platform: adapter.platform, action: options.action, with: options.with, await: true, awaitPipeline: options.awaitPipeline },
    ...UNGUARDED,
    trace: {},
    reveal: async () => options.token,
    isClaimed: async ({ id }) => options.claimed?.includes(id) ?? false,
    isHandleTaken: async (handle) => options.taken?.includes(handle) ?? false,
  };
};
