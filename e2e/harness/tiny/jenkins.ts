import { sendAndForget, TinyServer, type Call, type Reply } from './server.js';

const RUN_MS = 300;

interface Build {
  number: number;
  queue: number;
  /** `/job/a/job/b`. */
  job: string;
  parameters: { name: string; value: string }[];
  result: string | null;
  at: number;
}

/** Jenkins as far as a flow needs it: jobs of any name that declare every parameter; hooks as the notification plugin sends them. */
export class TinyJenkins {
  readonly server = new TinyServer((call) => this.#answer(call));
  readonly builds: Build[] = [];
  /** Results of the next builds; `SUCCESS` when empty. */
  readonly results: string[] = [];
  hookUrl: string | undefined;

  constructor(private readonly user: string, private readonly token: string, private readonly declared: string[]) {}

  #answer(call: Call): Reply | undefined {
    const basic = `Basic ${Buffer.from(`${this.user}:${this.token}`).toString('base64')}`;
    if (call.headers['authorization'] !== basic) return { status: 401, body: '<html>Unauthorized</html>', headers: { 'content-type': 'text/html' } };
    if (/\/build(WithParameters)?$/.test(call.path) && call.method === 'POST') return this.#start(call);
    const queued = /^\/queue\/item\/(\d+)\/api\/json$/.exec(call.path);
    if (queued) return this.#queueItem(Number(queued[1]));
    const one = /^((?:\/job\/[^/]+)+)\/(\d+)\/(api\/json|stop)$/.exec(call.path);
    if (one) return this.#build(one[1]!, Number(one[2]), one[3] === 'stop');
    const job = /^((?:\/job\/[^/]+)+)\/api\/json$/.exec(call.path);
    return job ? { status: 200, body: this.#job(job[1]!) } : undefined;
  }

  #start(call: Call): Reply {
    const job = call.path.replace(/\/build(WithParameters)?$/, '');
    const given = [...new URLSearchParams(call.text), ...call.query].map(([name, value]) => ({ name, value }));
    const number = this.builds.filter((build) => build.job === job).length + 1;
    const build: Build = { number, queue: this.builds.length + 31, job, parameters: given.filter(({ name }) => this.declared.includes(name)), result: null, at: Date.now() };
    this.builds.push(build);
    setTimeout(() => this.#end(build, this.results.shift() ?? 'SUCCESS'), RUN_MS);
    return { status: 201, headers: { location: `${this.server.url}/queue/item/${build.queue}/` } };
  }

  #queueItem(id: number): Reply | undefined {
    const build = this.builds.find(({ queue }) => queue === id);
    return build && { status: 200, body: { id, cancelled: false, why: null, executable: { number: build.number, url: this.#urlOf(build) } } };
  }

  #build(job: string, number: number, stop: boolean): Reply | undefined {
    const build = this.builds.find((one) => one.job === job && one.number === number);
    if (build && stop) this.#end(build, 'ABORTED');
    return build && (stop ? { status: 302, headers: { location: this.#urlOf(build) } } : { status: 200, body: this.#view(build) });
  }

  #job(job: string) {
    return {
      property: [{ parameterDefinitions: this.declared.map((name) => ({ name })) }],
      builds: this.builds.filter((build) => build.job === job).map((build) => this.#view(build)),
    };
  }

  #end(build: Build, result: string): void {
    build.result ??= result;
    if (!this.hookUrl) return;
    const path = build.job.slice(1);
    const phase = { number: build.number, queue_id: build.queue, timestamp: build.at, duration: RUN_MS, phase: 'FINALIZED', status: build.result,
      full_url: this.#urlOf(build), url: `${path}/${build.number}/`, parameters: Object.fromEntries(build.parameters.map(({ name, value }) => [name, value])) };
    sendAndForget(fetch(this.hookUrl, {
      method: 'POST', headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: JSON.stringify({ name: path.split('/').at(-1), display_name: 'x', url: `${path}/`, build: phase }),
    }));
  }

  #urlOf({ job, number }: Build): string {
    return `${this.server.url}${job}/${number}/`;
  }

  #view(build: Build) {
    return {
      number: build.number, url: this.#urlOf(build), building: build.result === null, inProgress: build.result === null, result: build.result, timestamp: build.at,
      duration: RUN_MS, estimatedDuration: RUN_MS, queueId: build.queue, actions: [{ parameters: build.parameters }],
    };
  }
}
