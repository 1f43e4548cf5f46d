import { createHmac, randomUUID } from 'node:crypto';
import { sendAndForget, TinyServer, type Call, type Reply } from './server.js';

const RUN_MS = 300;

interface WorkflowRun {
  id: number;
  repository: string;
  file: string;
  branch: string;
  status: string;
  conclusion: string | null;
  title: string;
  startedAt: string;
  endedAt: string;
}

/** What a push's workflow run says at its end; anything may be changed. */
export interface Ended {
  repository: string;
  branch: string;
  conclusion?: string;
  file?: string;
  name?: string;
  id?: number;
  sha?: string;
  fork?: string;
}

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

/** GitHub as far as a flow needs it; its hooks are signed like GitHub's. */
export class TinyGithub {
  readonly server = new TinyServer((call) => this.#answer(call));
  readonly runs = new Map<number, WorkflowRun>();
  /** Conclusions of the next dispatched runs; `success` when empty. */
  readonly conclusions: string[] = [];
  hookUrl: string | undefined;
  #next = 7_000_001;

  constructor(private readonly secret: string, private readonly token: string) {}

  /** The payload of a finished workflow run. */
  ended({ repository, branch, conclusion = 'success', file = 'build.yml', name = 'Build', id = this.#next++, sha = 'a'.repeat(40), fork }: Ended) {
    const [owner] = repository.split('/');
    const html = `${this.server.url}/${repository}`;
    return {
      action: 'completed',
      workflow_run: {
        id, name, path: `.github/workflows/${file}`, workflow_id: 11, run_attempt: 1, run_number: 5, event: 'push', status: 'completed', conclusion,
        head_branch: branch, head_sha: sha, html_url: `${html}/actions/runs/${id}`, display_title: 'A change', created_at: now(), run_started_at: now(),
        updated_at: now(), actor: { login: 'jane' }, triggering_actor: { login: 'jane' }, pull_requests: [], check_suite_id: 1,
        head_repository: { full_name: fork ?? repository },
      },
      repository: { id: 99, full_name: repository, html_url: html, default_branch: 'main', owner: { login: owner } },
      sender: { login: 'jane' },
    };
  }

  sign(body: string): string {
    return `sha256=${createHmac('sha256', this.secret).update(body).digest('hex')}`;
  }

  /** Sends a hook to the door, signed unless other headers are given. */
  async hook(event: string, payload: unknown, headers: Record<string, string> = {}, delivery: string = randomUUID()): Promise<Response> {
    const body = JSON.stringify(payload);
    return fetch(this.hookUrl!, {
      method: 'POST', body, signal: AbortSignal.timeout(10_000),
      headers: { 'content-type': 'application/json', 'x-github-event': event, 'x-github-delivery': delivery, 'x-hub-signature-256': this.sign(body), ...headers },
    });
  }

  #answer(call: Call): Reply | undefined {
    if (call.headers['authorization'] !== `Bearer ${this.token}`) return { status: 401, body: { message: 'Bad credentials' } };
    const dispatch = /^\/repos\/([^/]+\/[^/]+)\/actions\/workflows\/([^/]+)\/dispatches$/.exec(call.path);
    if (dispatch && call.method === 'POST') return this.#dispatch(dispatch[1]!, dispatch[2]!, JSON.parse(call.text));
    const one = /^\/repos\/[^/]+\/[^/]+\/actions\/runs\/(\d+)(\/cancel)?$/.exec(call.path);
    if (one) return this.#run(Number(one[1]), one[2] !== undefined);
    if (/\/actions\/runs$/.test(call.path) || /\/actions\/workflows\/[^/]+\/runs$/.test(call.path)) {
      const found = [...this.runs.values()].reverse().map((run) => this.#view(run));
      return { status: 200, body: { total_count: found.length, workflow_runs: found } };
    }
    if (/\/statuses\/[0-9a-f]{40}$/.test(call.path)) return { status: 201, body: { id: 1, ...JSON.parse(call.text) as object } };
    return undefined;
  }

  #dispatch(repository: string, file: string, { ref, inputs = {} }: { ref: string; inputs?: Record<string, string> }): Reply {
    const id = this.#next++;
    this.runs.set(id, { id, repository, file, branch: ref, status: 'in_progress', conclusion: null, title: inputs['STELLWERK_ID'] ?? file, startedAt: now(), endedAt: now() });
    setTimeout(() => this.#end(id, this.conclusions.shift() ?? 'success'), RUN_MS);
    return { status: 200, body: { workflow_run_id: id, run_url: `${this.server.url}/repos/${repository}/actions/runs/${id}`, html_url: `${this.server.url}/${repository}/actions/runs/${id}` } };
  }

  #end(id: number, conclusion: string): void {
    const run = this.runs.get(id)!;
    Object.assign(run, { status: 'completed', conclusion, endedAt: now() });
    if (this.hookUrl) sendAndForget(this.hook('workflow_run', { ...this.ended({ repository: run.repository, branch: run.branch }), workflow_run: this.#view(run) }));
  }

  #run(id: number, cancel: boolean): Reply | undefined {
    const run = this.runs.get(id);
    if (!run) return undefined;
    if (!cancel) return { status: 200, body: this.#view(run) };
    this.#end(id, 'cancelled');
    return { status: 202, body: {} };
  }

  #view(run: WorkflowRun) {
    return {
      ...this.ended({ repository: run.repository, branch: run.branch, file: run.file, id: run.id }).workflow_run, event: 'workflow_dispatch',
      status: run.status, conclusion: run.conclusion, display_title: run.title, created_at: run.startedAt, run_started_at: run.startedAt, updated_at: run.endedAt,
    };
  }
}
