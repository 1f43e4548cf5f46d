import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Dispatched {
  id: number;
  /** File of the workflow; its name says how the platform misbehaves. */
  workflow: string;
  title: string;
  inputs: Record<string, unknown>;
  createdAt: string;
  status: 'queued' | 'in_progress' | 'completed';
}

const SECRET = 'a foreign secret';
const RUN_MS = 300;
const toTheSecond = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

/** A GitHub with moods: each workflow misbehaves as its file name says. Nothing here is shared with the simulators. */
export class ForeignGithub {
  static readonly secret = SECRET;
  readonly runs: Dispatched[] = [];
  /** When each dispatch came, whatever was answered. */
  readonly asked: { workflow: string; atMs: number }[] = [];
  hookUrl = '';
  #next = 900_001;
  readonly #server: Server = createServer((request, response) => void this.#take(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** CI of `acme/<name>` was green; gives the commit. The delivery is sent that often, all at once. */
  async green(name: string, times = 1): Promise<string> {
    const sha = randomBytes(20).toString('hex');
    const delivery = randomUUID();
    const run = { id: this.#next++, workflow: 'ci.yml', title: 'A change', inputs: {}, createdAt: toTheSecond(new Date()), status: 'completed' as const };
    await Promise.all(Array.from({ length: times }, () => this.#hook('completed', `acme/${name}`, { ...this.#view(run), head_sha: sha, event: 'push' }, delivery)));
    return sha;
  }

  of(workflow: string): Dispatched[] {
    return this.runs.filter((run) => run.workflow === workflow);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = new URL(request.url!, 'http://foreign').pathname;
    const workflow = /\/workflows\/([^/]+)\/dispatches$/.exec(path)?.[1];
    if (workflow) return this.#dispatch(workflow, JSON.parse(Buffer.concat(chunks).toString()), response);
    const id = /\/actions\/runs\/(\d+)$/.exec(path)?.[1];
    const one = this.runs.find((run) => run.id === Number(id));
    if (one) return answer(response, 200, this.#view(one));
    if (/\/runs$/.test(path)) return answer(response, 200, { total_count: this.runs.length, workflow_runs: this.runs.map((run) => this.#view(run)).reverse() });
    answer(response, 404, { message: 'Not Found' });
  }

  async #dispatch(workflow: string, { inputs = {} }: { inputs?: Record<string, unknown> }, response: ServerResponse): Promise<void> {
    const before = this.asked.filter((one) => one.workflow === workflow).length;
    this.asked.push({ workflow, atMs: Date.now() });
    if (workflow.startsWith('busy') && before === 0) {
      const later = workflow.includes('date') ? new Date(Date.now() + 3_000).toUTCString() : '2';
      return answer(response, 429, { message: 'too many' }, { 'retry-after': later });
    }
    if (workflow.startsWith('strict') && 'STELLWERK_ID' in inputs) return answer(response, 422, { message: 'Unexpected inputs provided: ["STELLWERK_ID"]' });
    if (workflow.startsWith('closed')) return answer(response, 404, { message: 'Not Found' });
    const run: Dispatched = { id: this.#next++, workflow, title: String(inputs['STELLWERK_ID'] ?? workflow), inputs, createdAt: toTheSecond(new Date()), status: 'queued' };
    this.runs.push(run);
    if (workflow.startsWith('hasty')) await this.#backwards(run);
    else setTimeout(() => void this.#end(run), RUN_MS);
    if (workflow.startsWith('cut')) return void response.socket?.destroy();
    if (workflow.startsWith('mute')) return void response.writeHead(204).end();
    answer(response, 200, { workflow_run_id: run.id, html_url: this.#view(run).html_url });
  }

  /** All its hooks come before the dispatch is answered, the last one first. */
  async #backwards(run: Dispatched): Promise<void> {
    for (const [action, status] of [['completed', 'completed'], ['in_progress', 'in_progress'], ['requested', 'queued']] as const) {
      await this.#hook(action, 'acme/ops', this.#view({ ...run, status }));
    }
    run.status = 'completed';
  }

  async #end(run: Dispatched): Promise<void> {
    run.status = 'completed';
    if (!run.workflow.includes('silent')) await this.#hook('completed', 'acme/ops', this.#view(run));
  }

  async #hook(action: string, repository: string, run: object, delivery: string = randomUUID()): Promise<void> {
    const body = JSON.stringify({ action, workflow_run: { ...run, head_repository: { full_name: repository } }, repository: { full_name: repository }, sender: { login: 'ada' } });
    const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-github-event': 'workflow_run', 'x-github-delivery': delivery, 'x-hub-signature-256': signature };
    const { status } = await fetch(this.hookUrl, { method: 'POST', body, headers, signal: AbortSignal.timeout(10_000) });
    if (status !== 202) throw new Error(`the door answered ${status}`);
  }

  #view(run: Dispatched) {
    return {
      id: run.id, name: run.workflow, path: `.github/workflows/${run.workflow}`, run_attempt: 1, run_number: 1, event: 'workflow_dispatch', status: run.status,
      conclusion: run.status === 'completed' ? 'success' : null, head_branch: 'main', head_sha: 'c'.repeat(40), display_title: run.title,
      html_url: `https://foreign.example/acme/ops/actions/runs/${run.id}`, created_at: run.createdAt, run_started_at: run.createdAt, updated_at: run.createdAt, actor: { login: 'ada' },
    };
  }
}

const answer = (response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
