import { waitFor } from '@stellwerk/testing';
import { randomBytes } from 'node:crypto';
import { configDir, type ConfigDir, type Resource } from '../config-dir.js';
import type { RunSeen } from '../demo.js';
import { startStellwerk, type Stellwerk } from '../stellwerk.js';
import { TinyGithub, type Ended } from './github.js';
import { TinyGitlab } from './gitlab.js';
import { TinyJenkins } from './jenkins.js';
import { TinyServer } from './server.js';

const SECRETS = {
  GH_SECRET: 'a hook secret', GH_TOKEN: 'ghs_something', GL_HOOK: 'gitlab hook token', GL_TOKEN: 'glpat-x',
  CI_HOOK: 'jenkins-hook-token', CI_TOKEN: 'jenkins-api-token', OUT_SECRET: `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
};

const LOOPBACK = { allow: ['127.0.0.0/8'] };
const FINAL = ['succeeded', 'failed', 'cancelled', 'rolled-back'];

/** Stellwerk beside three platforms that share no line with its simulators, under names of their own. */
export class TinyWorld {
  readonly github = new TinyGithub(SECRETS.GH_SECRET, SECRETS.GH_TOKEN);
  readonly gitlab = new TinyGitlab(SECRETS.GL_HOOK, SECRETS.GL_TOKEN);
  readonly jenkins = new TinyJenkins('robot', SECRETS.CI_TOKEN, ['SHA', 'STELLWERK_ID']);
  readonly people = new TinyServer(({ path }) => (path === '/slack' ? { status: 200, body: 'ok' } : { status: 204 }));
  stellwerk!: Stellwerk;
  config!: ConfigDir;
  ingressUrl!: string;

  /** Starts everything with these flows and environments. */
  async start(resources: Resource[]): Promise<void> {
    await Promise.all([this.github.server, this.gitlab.server, this.jenkins.server, this.people].map((server) => server.listen()));
    this.config = await configDir([...this.#resources(), ...resources]);
    const env = { ...SECRETS, SLACK: `${this.people.url}/slack`, OUT: `${this.people.url}/signed` };
    this.stellwerk = await startStellwerk({ config: this.config.path, env });
    this.ingressUrl = (await this.stellwerk.ready()).ingressUrl;
    this.github.hookUrl = this.door('gh-main');
    this.gitlab.hookUrl = this.door('gl');
    this.jenkins.hookUrl = this.door('ci', `?token=${SECRETS.CI_HOOK}`);
  }

  door(connection: string, query = ''): string {
    return `${this.ingressUrl}/hooks/${connection}${query}`;
  }

  /** A workflow run ends on GitHub; gives the commit. */
  async ended(what: Omit<Ended, 'sha'>): Promise<string> {
    const sha = randomBytes(20).toString('hex');
    const answer = await this.github.hook('workflow_run', this.github.ended({ ...what, sha }));
    if (answer.status !== 202) throw new Error(`the door answered ${answer.status}: ${await answer.text()}`);
    return sha;
  }

  async runsOf(sha: string): Promise<(RunSeen & { flow: string })[]> {
    return (await this.stellwerk.api<{ items: (RunSeen & { flow: string })[] }>(`/api/runs?sha=${sha}`)).items;
  }

  /** The commit's only run, at its end. */
  async end(sha: string, timeoutMs = 60_000): Promise<RunSeen> {
    return waitFor(async () => {
      const [run, second] = await this.runsOf(sha);
      if (second) throw new Error(`two runs for one commit: ${JSON.stringify([run, second])}`);
      return run && FINAL.includes(run.state) ? run : undefined;
    }, { what: `the run of ${sha} to end`, timeoutMs, everyMs: 100 });
  }

  async close(): Promise<void> {
    await Promise.all([this.github.server, this.gitlab.server, this.jenkins.server, this.people].map((server) => server.close()));
  }

  #resources(): Resource[] {
    const connection = (name: string, spec: Record<string, unknown>): Resource =>
      ({ kind: 'Connection', metadata: { name }, spec: { network: LOOPBACK, poll: { every: '2s' }, ...spec } });
    return [
      connection('gh-main', { platform: 'github', url: this.github.server.url, webhook: { secrets: [{ env: 'GH_SECRET' }] }, auth: { token: { env: 'GH_TOKEN' } } }),
      connection('gl', { platform: 'gitlab', url: this.gitlab.server.url, webhook: { tokens: [{ env: 'GL_HOOK' }] }, auth: { token: { env: 'GL_TOKEN' } } }),
      connection('ci', { platform: 'jenkins', url: this.jenkins.server.url, webhook: { tokens: [{ env: 'CI_HOOK' }] }, auth: { user: 'robot', token: { env: 'CI_TOKEN' } } }),
      connection('mute', { platform: 'github', url: this.github.server.url, auth: { token: { env: 'GH_TOKEN' } } }),
      { kind: 'Channel', metadata: { name: 'team' }, spec: { type: 'slack', url: { env: 'SLACK' }, network: LOOPBACK } },
      { kind: 'Channel', metadata: { name: 'machines' }, spec: { type: 'webhook', url: { env: 'OUT' }, secret: { env: 'OUT_SECRET' }, network: LOOPBACK } },
    ];
  }
}

export const OUT_SECRET = SECRETS.OUT_SECRET;
