import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { loadDirectory, Secrets } from '@stellwerk/config';
import type { Platform } from '@stellwerk/contracts';
import type { Connection } from '@stellwerk/flows';
import { eventOf } from '@stellwerk/platforms';
import { Command, Option } from 'commander';
import { secretVariables } from '../cli.config.js';
import { CommandFailed, EXIT, UsageError, type Terminal } from '../terminal.js';
import { sendHook, type Sent } from './ingress.client.js';
import { signRequest, type SignedRequest } from './sign.js';

interface SendOptions {
  config?: string;
  event?: string;
  delivery?: string;
  url: string;
  json?: boolean;
}

/** `stellwerk send CONNECTION FILE`. */
export const sendCommand = (terminal: Terminal, exit: (code: number) => void): Command =>
  new Command('send')
    .description('Sign a payload as its platform would and send it to ingress')
    .argument('<connection>', 'name of the connection')
    .argument('<file>', 'the payload as JSON; - reads it from stdin')
    .addOption(new Option('--config <dir>', 'where the connection and the name of its secret are found').env('STELLWERK_CONFIG'))
    .option('--event <name>', 'what the platform calls it, as in its event header; by default what the payload looks like')
    .option('--delivery <id>', 'delivery id; a new one by default')
    .addOption(new Option('--url <url>', 'where ingress is').env('STELLWERK_INGRESS_URL').default('http://127.0.0.1:8080'))
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExit: 0 = taken, 1 = refused or not reachable, 2 = called wrongly')
    .action(async (name: string, file: string, options: SendOptions) => {
      const connection = await connectionNamed(name, options.config);
      const body = await payloadOf(file);
      const sent = await sendHook(urlOf(options.url), name, signedFor(connection, body, options), body);
      tell(sent, options, terminal);
      exit(sent.status === 202 ? EXIT.ok : EXIT.faults);
    });

const urlOf = (url: string): string => {
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new UsageError(`--url ${url}: expected an http or https URL`);
  return url;
};

const connectionNamed = async (name: string, config: string | undefined): Promise<Connection> => {
  if (config === undefined) throw new UsageError('--config or STELLWERK_CONFIG must say where the connection is described');
  const { resources } = await loadDirectory(config);
  const connection = resources.connections[name];
  if (!connection) throw new UsageError(`${config}: there is no valid connection ${name} (stellwerk lint says more)`);
  return connection;
};

const payloadOf = async (file: string): Promise<Buffer> => {
  try {
    return file === '-' ? Buffer.from(await readAll(process.stdin)) : await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
};

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // Ingress says what it thinks of it.
  }
};

const headerOf = (platform: Platform, body: Buffer, given: string | undefined): string | undefined => {
  const event = given ?? eventOf(platform, parsed(body));
  if (platform === 'github' && event === undefined) throw new UsageError('the payload does not tell what event it is: --event says it, as in the header X-GitHub-Event');
  return event;
};

const signedFor = (connection: Connection, body: Buffer, { event, delivery }: SendOptions): SignedRequest => {
  const { platform, name } = connection;
  const secrets = new Secrets(secretVariables()).webhookSecrets(connection);
  const request = signRequest({ platform, body, delivery, event: headerOf(platform, body, event) }, secrets, new Date());
  if (!request) throw new CommandFailed(`connection ${name} has no secret that ${platform} would sign with`);
  return request;
};

const tell = ({ status, answer }: Sent, { json }: SendOptions, terminal: Terminal): void => {
  if (json) return terminal.out(JSON.stringify(answer, null, 2));
  const { id, duplicate, detail, title } = (answer ?? {}) as { id?: string; duplicate?: boolean; detail?: string; title?: string };
  if (status === 202) terminal.out(`taken as ${id}${duplicate ? ' (it was there already)' : ''}`);
  else terminal.err(`refused with ${status}: ${detail ?? title ?? 'no reason given'}`);
};
