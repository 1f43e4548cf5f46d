import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { tempDir, waitFor } from '@stellwerk/testing';
import { afterEach, describe, expect, it } from 'vitest';

const SPEC = join(import.meta.dirname, '..', 'spec');

interface Started {
  child: ChildProcess;
  listening: Promise<{ managementPort: number; doorPort: number }>;
  ended: Promise<{ code: number | null; stderr: string }>;
}

const children: ChildProcess[] = [];
const servers: Server[] = [];

/** The service of `spec/service.fixture.mjs` as a process, on the built packages. */
function start(env: Record<string, string> = {}): Started {
  const child = fork(join(SPEC, 'service.fixture.mjs'), {
    env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env }, silent: true, execArgv: ['--import', join(SPEC, '..', 'telemetry.mjs')],
  });
  children.push(child);
  let stderr = '';
  child.stderr!.on('data', (data: Buffer) => { stderr += data.toString(); });
  const ended = Promise.all([once(child, 'exit'), once(child.stderr!, 'end')]).then(([[code]]) => ({ code: code as number | null, stderr }));
  const listening = new Promise<{ managementPort: number; doorPort: number }>((resolve, reject) => {
    child.on('message', (message) => resolve(message as never));
    void ended.then(() => reject(new Error(`ended early: ${stderr}`)));
  });
  listening.catch(() => {});
  return { child, listening, ended };
}

const ask = (port: number, agent: Agent): Promise<{ status?: number; connection?: string }> => new Promise((resolve, reject) => {
  request({ port, host: '127.0.0.1', path: '/hello', agent }, (response) => {
    response.resume().on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }));
  }).on('error', reject).end();
});

async function serve(take: (request: IncomingMessage, body: Buffer) => void | Promise<void>): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void Promise.resolve(take(request, Buffer.concat(chunks))).then(() => response.end()));
  });
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a service as a process', () => {
  it('tells its supervisor where it listens, answers, and stops cleanly when told', async () => {
    const service = start();
    const { managementPort, doorPort } = await service.listening;
    expect(await (await fetch(`http://127.0.0.1:${doorPort}/hello`)).json()).toEqual({ hello: true });
    expect((await fetch(`http://127.0.0.1:${managementPort}/readyz`)).status).toBe(200);
    service.child.kill('SIGTERM');
    service.child.kill('SIGINT');
    expect(await service.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('cuts no request when it stops, however many come in that moment', async () => {
    const service = start();
    const { doorPort } = await service.listening;
    const agent = new Agent({ keepAlive: true });
    const answers: { status?: number; connection?: string }[] = [];
    const faults: string[] = [];
    const client = async (): Promise<void> => {
      for (;;) {
        const answer = await ask(doorPort, agent).catch((error: Error) => error);
        if (answer instanceof Error) return void faults.push(answer.message);
        answers.push(answer);
        // Told to go, it would turn to another replica: of this one a balancer knows that it is not ready any more.
        if (answer.connection === 'close') return;
      }
    };
    const clients = Array.from({ length: 16 }, client);
    await waitFor(() => answers.length > 100, { what: 'requests under way' });
    service.child.kill('SIGTERM');
    await Promise.all(clients);
    expect(faults).toEqual([]);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.filter(({ connection }) => connection === 'close')).toHaveLength(16);
    expect((await service.ended).code).toBe(0);
    agent.destroy();
  });

  it('does not outlive its supervisor', async () => {
    const service = start();
    await service.listening;
    service.child.disconnect();
    expect((await service.ended).code).toBe(0);
  });

  it('says in one line which port is taken and what to change', async () => {
    const port = new URL(await serve(() => {})).port;
    expect(await start({ DOOR_PORT: port }).ended).toMatchObject({ code: 1, stderr: `ingress: Port ${port} is in use: set DOOR_PORT to another one\n` });
    expect(await start({ INGRESS_MANAGEMENT_PORT: port }).ended).toMatchObject({
      code: 1, stderr: `ingress: Port ${port} is in use: set INGRESS_MANAGEMENT_PORT to another one\n`,
    });
  });

  it('prints every fault of its configuration and ends with 2', async () => {
    expect(await start({ FAULTY: '1' }).ended).toMatchObject({ code: 2, stderr: 'ingress: FIRST is wrong\ningress: SECOND is wrong\n' });
    expect((await start({ LOG_LEVEL: 'loud' }).ended).code).toBe(2);
  });

  it('serves a new certificate as soon as its files changed', async () => {
    const dir = await tempDir('tls');
    const [certFile, keyFile] = [join(dir.path, 'cert.pem'), join(dir.path, 'key.pem')];
    const install = (name: string) => Promise.all([
      copyFile(join(SPEC, 'tls', `${name}.cert.pem`), certFile), copyFile(join(SPEC, 'tls', `${name}.key.pem`), keyFile),
    ]);
    await install('one');
    const { doorPort } = await start({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }).listening;
    const servedName = () => new Promise<string>((resolve, reject) => {
      const socket = connectTls({ port: doorPort, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.end();
      });
      socket.on('error', reject);
    });
    expect(await servedName()).toBe('one.test');
    await install('two');
    await waitFor(async () => (await servedName()) === 'two.test', { what: 'the new certificate', timeoutMs: 20_000 });
    await dir.remove();
  });
});

describe('traces of a process', () => {
  it('are sent in the name of the service, the last ones when it stops', async () => {
    const sent: { url?: string; type?: string; text: string }[] = [];
    const collector = await serve((request, body) => void sent.push({ url: request.url, type: request.headers['content-type'], text: body.toString('latin1') }));
    const service = start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector, STELLWERK_SERVICE: 'ingress', OTEL_BSP_SCHEDULE_DELAY: '60000' });
    const { doorPort } = await service.listening;
    await fetch(`http://127.0.0.1:${doorPort}/hello`);
    expect(sent).toEqual([]);
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ url: '/v1/traces', type: 'application/x-protobuf' });
    for (const text of ['stellwerk-ingress', 'hello', 'inner']) expect(sent[0]!.text).toContain(text);
  });

  it('hold up nothing when the collector hangs', async () => {
    const collector = await serve(() => new Promise(() => {}));
    const service = start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector, STELLWERK_SERVICE: 'ingress', OTEL_BSP_SCHEDULE_DELAY: '50' });
    const { doorPort } = await service.listening;
    await fetch(`http://127.0.0.1:${doorPort}/hello`);
    expect((await fetch(`http://127.0.0.1:${doorPort}/hello`)).status).toBe(200);
    const told = Date.now();
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
    expect(Date.now() - told).toBeLessThan(10_000);
  });
});
