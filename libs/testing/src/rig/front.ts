import { Agent, createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceProcess } from './service-process.js';

const LOOK_MS = 200;
const AWAY = JSON.stringify({ title: 'no replica is ready' });

/** Round robin over the replicas that say they are ready: what a load balancer does, and nothing more. */
export class Front {
  readonly #replicasNow: () => readonly ServiceProcess[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #server: Server = createServer((request, response) => void this.#take(request, response));
  readonly #ready = new Set<ServiceProcess>();
  #timer?: NodeJS.Timeout;
  #next = 0;

  /** `replicas` is asked each time: the address is known before they are. */
  constructor(replicas: () => readonly ServiceProcess[]) {
    this.#replicasNow = replicas;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#look();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Addresses of the replicas that are ready, next one first. */
  doors(): string[] {
    const ready = this.#replicasNow().filter((replica) => this.#ready.has(replica) && replica.isRunning);
    const from = ready.length === 0 ? 0 : this.#next++ % ready.length;
    return [...ready.slice(from), ...ready.slice(0, from)].map((replica) => `http://127.0.0.1:${replica.doorPort}`);
  }

  /** Asks every replica now, instead of at the next look. */
  async refresh(): Promise<void> {
    await Promise.all(this.#replicasNow().map(async (replica) => {
      if (await replica.isReady()) this.#ready.add(replica);
      else this.#ready.delete(replica);
    }));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #look(): void {
    void this.refresh().finally(() => { this.#timer = setTimeout(() => this.#look(), LOOK_MS).unref(); });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
      await this.#forward(request, Buffer.concat(chunks), response, this.doors());
    } catch {
      // The replica ended in the middle: its sender sees a broken connection, as it would without us.
      response.destroy();
    }
  }

  // The next replica only where the connection was refused: then nothing was sent.
  async #forward(request: IncomingMessage, body: Buffer, response: ServerResponse, [door, ...others]: string[]): Promise<void> {
    if (!door) return void response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' }).end(AWAY);
    try {
      const answer = await this.#send(`${door}${request.url}`, request, body);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
      await this.#forward(request, body, response, others);
    }
  }

  #send(url: string, { method, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      httpRequest(url, { method, headers, agent: this.#agent }, resolve).once('error', reject).end(body);
    });
  }
}
