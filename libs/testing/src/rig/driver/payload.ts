import { factOf, instanceOrigin, runId } from '@stellwerk/contracts';
import { createHmac } from 'node:crypto';
import type { Random } from './random.js';

/** One hook as it will be sent, as often as needed: the same bytes, signature and delivery id each time. */
export interface Delivery {
  /** The platform's delivery id. */
  readonly id: string;
  /** Path of the door, e.g. `/hooks/github`. */
  readonly path: string;
  readonly connection: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** The flow it starts, and the id that run will have; absent when it starts nothing. */
  readonly flow?: string;
  readonly run?: string;
  readonly sha?: string;
}

export interface PayloadOptions {
  /** Of the connection `github`, where the facts begin. */
  githubUrl: string;
  secret: string;
  /** Bytes of a body. Default 10,000, about what GitHub sends. */
  bytes?: number;
}

const SHA = '5'.repeat(40);
const RUN = 4_444_444_444;

const fixed = (flow: string, origin: string): object => {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const repository = { id: 1, full_name: `acme/${flow}`, html_url: `${origin}/acme/${flow}`, private: true };
  const run = {
    id: RUN, name: 'CI', path: '.github/workflows/ci.yml', run_attempt: 1, run_number: 7, event: 'push', status: 'completed', conclusion: 'success',
    head_branch: 'main', head_sha: SHA, display_title: 'A change', html_url: `${origin}/acme/${flow}/actions/runs/${RUN}`,
    created_at: now, run_started_at: now, updated_at: now, actor: { login: 'octocat' }, head_repository: { id: 1, full_name: `acme/${flow}` }, pull_requests: [],
  };
  return { action: 'completed', workflow_run: run, workflow: { name: 'CI', path: run.path }, repository, sender: { login: 'octocat' } };
};

/** Places of a text in a template, so that other bytes of the same length can be written there. */
const placesOf = (template: Buffer, text: string): number[] => {
  const places: number[] = [];
  for (let at = template.indexOf(text); at >= 0; at = template.indexOf(text, at + 1)) places.push(at);
  return places;
};

interface Template { bytes: Buffer; shas: number[]; runs: number[] }

/** Makes signed deliveries of finished CI runs. A body costs a copy of its template and one HMAC. */
export class GithubPayloads {
  readonly #options: Required<PayloadOptions>;
  readonly #templates = new Map<string, Template>();
  readonly #random: Random;
  #nextRun: number;

  constructor(options: PayloadOptions, random: Random) {
    this.#options = { bytes: 10_000, ...options };
    this.#random = random;
    // Ten digits each; another driver on the same servers begins elsewhere.
    this.#nextRun = 1_000_000_000 + random.integer(8_000) * 1_000_000;
  }

  /** A green run of `acme/<flow>`, which starts that flow. */
  green(flow: string): Delivery {
    const number = this.#nextRun++;
    const sha = this.#random.hex(40);
    const { bytes, shas, runs } = this.#templateOf(flow);
    const body = Buffer.from(bytes);
    for (const at of shas) body.write(sha, at, 'latin1');
    for (const at of runs) body.write(String(number), at, 'latin1');
    const fact = factOf({
      origin: instanceOrigin('github', this.#options.githubUrl), repository: `acme/${flow}`, kind: 'pipelinerun', id: String(number), attempt: 1, predicate: 'finished',
    });
    return { ...this.signed('workflow_run', body), flow, run: runId(flow, 0, fact), sha };
  }

  /** Any body, signed for the connection `github`. */
  signed(event: string, body: Buffer, id: string = this.#uuid()): Delivery {
    const signature = `sha256=${createHmac('sha256', this.#options.secret).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'user-agent': 'GitHub-Hookshot/rig', 'x-github-event': event, 'x-github-delivery': id, 'x-hub-signature-256': signature };
    return { id, connection: 'github', path: '/hooks/github', body, headers };
  }

  #templateOf(flow: string): Template {
    const known = this.#templates.get(flow);
    if (known) return known;
    const plain = fixed(flow, this.#options.githubUrl);
    const missing = Math.max(0, this.#options.bytes - JSON.stringify(plain).length - 20);
    const bytes = Buffer.from(JSON.stringify({ ...plain, padding: 'x'.repeat(missing) }));
    const template = { bytes, shas: placesOf(bytes, SHA), runs: placesOf(bytes, String(RUN)) };
    this.#templates.set(flow, template);
    return template;
  }

  #uuid(): string {
    const hex = this.#random.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
