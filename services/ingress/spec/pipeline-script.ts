import { execFileSync, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { tempDir } from '@stellwerk/testing';
import { Webhook } from 'standardwebhooks';

export const SCRIPT = resolve(import.meta.dirname, '../../../deploy/jenkins/resources/dev/stellwerk/send-event.sh');

const TOOLS = ['sh', 'cat', 'curl', 'cut', 'date', 'od', 'openssl', 'python3', 'sed', 'sha256sum', 'tail', 'tr', 'wc'];

export interface Sending {
  /** The body as it stands in the file. */
  body: string;
  url: string;
  secret?: string;
  /** Programs that this machine shall not have. */
  without?: readonly string[];
  /** How the shell is called; default plainly. */
  shell?: readonly string[];
}

export interface Outcome {
  code: number | null;
  /** Everything it said. */
  said: string;
  /** Every program it started, with its arguments as `ps` shows them. */
  started: string[];
  /** What it waited between tries, in seconds. */
  waits: number[];
}

const placeOf = (tool: string): string | undefined =>
  (process.env.PATH ?? '').split(':').map((folder) => join(folder, tool)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false; // Not in this folder.
    }
  });

/** The interpreter itself: what is called python3 may be a script that looks for one. */
const python = (): string => execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** Runs the script of the pipeline on a machine that writes down what is started, and where waiting takes no time. */
export const runScript = async ({ body, url, secret, without = [], shell = ['sh'] }: Sending): Promise<Outcome> => {
  const home = await tempDir('pipeline-script');
  const [bin, log, file] = [join(home.path, 'bin'), join(home.path, 'started.log'), join(home.path, 'event.json')];
  await mkdir(bin);
  const put = (tool: string, text: string): void => {
    writeFileSync(join(bin, tool), `#!/bin/sh\nset -f\nprintf '%s\\n' "${tool} $*" >>'${log}'\n${text}\n`);
    chmodSync(join(bin, tool), 0o755);
  };
  for (const tool of TOOLS.filter((name) => !without.includes(name))) {
    const place = tool === 'python3' ? python() : placeOf(tool);
    if (!place) throw new Error(`this machine has no ${tool}, which the script needs`);
    put(tool, `exec '${place}' "$@"`);
  }
  put('sleep', 'exit 0');
  writeFileSync(log, '');
  writeFileSync(file, body);
  const [command, ...options] = shell;
  const child = spawn(placeOf(command!)!, [...options, SCRIPT, file], { env: { PATH: bin, STELLWERK_URL: url, ...(secret !== undefined && { STELLWERK_SECRET: secret }) }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { said += chunk.toString('utf8'); });
  const code = await new Promise<number | null>((done) => { child.once('close', done); });
  const started = readFileSync(log, 'utf8').split('\n').filter((line) => line !== '');
  await home.remove();
  return { code, said, started, waits: started.filter((line) => line.startsWith('sleep ')).map((line) => Number(line.slice('sleep '.length))) };
};

/** A proxy on the way to ingress: answers by itself as long as there are such answers, then hands on what it may have changed. */
export const onTheWay = async (to: string, { answers = [], change = (body) => body }: { answers?: { status: number; headers?: Record<string, string> }[]; change?: (body: string) => string }) => {
  const left = [...answers];
  const seen: { id: string; signature: string; status: number; headers: Record<string, string> }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void (async () => {
      const own = left.shift();
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name === 'content-type' || name.startsWith('webhook-'))) as Record<string, string>;
      const answer = own ?? { status: (await fetch(`${to}${request.url}`, { method: 'POST', headers, body: change(Buffer.concat(chunks).toString('utf8')) })).status, headers: {} };
      seen.push({ id: headers['webhook-id']!, signature: headers['webhook-signature']!, status: answer.status, headers });
      response.writeHead(answer.status, answer.headers).end();
    })());
  });
  await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
  /** Whether the reference library takes the last one for signed by that secret. */
  const verify = (secret: string, body: string): string => {
    const key = secret.startsWith('whsec_') ? secret : Buffer.from(secret).toString('base64');
    new Webhook(key).verify(body, seen.at(-1)!.headers);
    return 'fits';
  };
  return { verify, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }) };
};
