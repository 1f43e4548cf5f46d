import { randomUUID } from 'node:crypto';
import { sendAndForget, TinyServer, type Call, type Reply } from './server.js';

const RUN_MS = 300;

interface Pipeline {
  id: number;
  project: string;
  ref: string;
  status: string;
  variables: { key: string; value: string }[];
  createdAt: string;
  finishedAt: string | null;
}

/** GitLab as far as a flow needs it; its hooks carry X-Gitlab-Token. */
export class TinyGitlab {
  readonly server = new TinyServer((call) => this.#answer(call));
  readonly pipelines = new Map<number, Pipeline>();
  /** Ends of the next pipelines; `success` when empty, `never` goes on until cancelled. */
  readonly ends: string[] = [];
  hookUrl: string | undefined;
  #next = 500;

  constructor(private readonly hookToken: string, private readonly token: string) {}

  #answer(call: Call): Reply | undefined {
    if (call.headers['private-token'] !== this.token) return { status: 401, body: { message: '401 Unauthorized' } };
    const match = /^\/api\/v4\/projects\/(.+?)\/(pipelines?)(?:\/(\d+))?(?:\/(cancel|variables|jobs))?$/.exec(decodeURIComponent(call.path));
    if (!match) return undefined;
    const [, project, word, id, more] = match;
    if (word === 'pipeline' && call.method === 'POST') return this.#create(project!, JSON.parse(call.text));
    if (id === undefined) return { status: 200, body: [...this.pipelines.values()].reverse().map((one) => this.#view(one)) };
    const pipeline = this.pipelines.get(Number(id));
    if (!pipeline) return { status: 404, body: { message: '404 Not found' } };
    if (more === 'jobs') return { status: 200, body: [] };
    if (more === 'variables') return { status: 200, body: pipeline.variables };
    if (more === 'cancel') this.#end(pipeline, 'canceled');
    return { status: 200, body: this.#view(pipeline) };
  }

  #create(project: string, { ref, variables = [] }: { ref?: string; variables?: { key: string; value: string }[] }): Reply {
    if (!ref) return { status: 400, body: { error: 'ref is missing' } };
    const pipeline: Pipeline = { id: this.#next++, project, ref, status: 'running', variables, createdAt: new Date().toISOString(), finishedAt: null };
    this.pipelines.set(pipeline.id, pipeline);
    const end = this.ends.shift() ?? 'success';
    if (end !== 'never') setTimeout(() => this.#end(pipeline, end), RUN_MS);
    return { status: 201, body: this.#view(pipeline) };
  }

  #end(pipeline: Pipeline, status: string): void {
    if (pipeline.finishedAt !== null) return;
    Object.assign(pipeline, { status, finishedAt: new Date().toISOString() });
    if (this.hookUrl) sendAndForget(this.#hook(pipeline));
  }

  async #hook(pipeline: Pipeline): Promise<void> {
    const date = (text: string): string => text.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
    await fetch(this.hookUrl!, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-gitlab-event': 'Pipeline Hook', 'x-gitlab-token': this.hookToken, 'idempotency-key': randomUUID() },
      body: JSON.stringify({
        object_kind: 'pipeline',
        object_attributes: {
          id: pipeline.id, iid: 1, ref: pipeline.ref, tag: false, sha: 'b'.repeat(40), source: 'api', status: pipeline.status, stages: ['test'],
          created_at: date(pipeline.createdAt), finished_at: date(pipeline.finishedAt!), duration: 1, variables: pipeline.variables, url: this.#view(pipeline).web_url,
        },
        user: { username: 'robot' }, project: { id: 12, path_with_namespace: pipeline.project, web_url: `${this.server.url}/${pipeline.project}`, default_branch: 'main' }, builds: [],
      }),
    });
  }

  #view({ id, project, ref, status, createdAt, finishedAt }: Pipeline) {
    return {
      id, iid: 1, project_id: 12, sha: 'b'.repeat(40), ref, status, source: 'api', created_at: createdAt, updated_at: finishedAt ?? createdAt,
      started_at: createdAt, finished_at: finishedAt, web_url: `${this.server.url}/${project}/-/pipelines/${id}`,
    };
  }
}
