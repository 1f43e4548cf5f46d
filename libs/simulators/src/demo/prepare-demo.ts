import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** The addresses written in `examples/quickstart`; the demo puts the real ones in their place. */
export const QUICKSTART_URLS = { github: 'http://127.0.0.1:8090', gitlab: 'http://127.0.0.1:8091', jenkins: 'http://127.0.0.1:8092' } as const;

export interface DemoPlan {
  /** Resources with real addresses, for STELLWERK_CONFIG. */
  configDir: string;
  /** Secrets that the resources name; every service needs them, and the simulators. */
  env: Record<string, string>;
  /** What `simulators.main.js` needs beside `env`. */
  simulatorsEnv: Record<string, string>;
  urls: { github: string; gitlab: string; jenkins: string; chat: string };
}

export interface DemoPlace {
  /** Of `examples/quickstart`. */
  example: string;
  /** Kept between starts: ports, secrets, journals, the simulators' memory. */
  directory: string;
  /** `http://127.0.0.1:8080/hooks`. */
  hooksUrl: string;
}

interface Kept {
  ports: Record<'github' | 'gitlab' | 'jenkins' | 'chat', number>;
  seed: string;
}

/** Lays out what the demo needs on disk. Ports and secrets are chosen once and stay, so that links and signatures outlive a restart. */
export const prepareDemo = async ({ example, directory, hooksUrl }: DemoPlace): Promise<DemoPlan> => {
  mkdirSync(directory, { recursive: true });
  const { ports, seed } = await kept(join(directory, 'demo.json'));
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  const urls = { github: at(ports.github), gitlab: at(ports.gitlab), jenkins: at(ports.jenkins), chat: at(ports.chat) };
  const configDir = join(directory, 'config');
  render(example, configDir, urls);
  const env = secrets(seed, urls.chat);
  writeFileSync(join(directory, 'demo.env'), envFile({ ...env, ...addresses(urls) }), { mode: 0o600 });
  return {
    configDir,
    urls,
    env,
    simulatorsEnv: {
      SIMULATORS_DIR: directory,
      SIMULATORS_HOOKS_URL: hooksUrl,
      GITHUB_SIMULATOR_PORT: String(ports.github),
      GITLAB_SIMULATOR_PORT: String(ports.gitlab),
      JENKINS_SIMULATOR_PORT: String(ports.jenkins),
      CHAT_SIMULATOR_PORT: String(ports.chat),
    },
  };
};

const NAMES = ['github', 'gitlab', 'jenkins', 'chat'] as const;

/** What an earlier start chose; a port that somebody else took since is chosen anew. */
const kept = async (file: string): Promise<Kept> => {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : undefined;
  const chosen = await holdPorts(NAMES.map((name) => before?.ports[name] ?? 0));
  const ports = Object.fromEntries(NAMES.map((name, index) => [name, chosen[index]!])) as Kept['ports'];
  const now = { ports, seed: before?.seed ?? randomBytes(24).toString('hex') };
  writeFileSync(file, JSON.stringify(now), { mode: 0o600 });
  return now;
};

/** The wanted ports where they are free, else others; all are held at once, so that no two are the same. */
const holdPorts = async (wanted: number[]): Promise<number[]> => {
  const servers = await Promise.all(wanted.map((port) => hold(port).catch(() => hold(0))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
};

const hold = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });

const secrets = (seed: string, chat: string): Record<string, string> => {
  const secret = (name: string): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  const key = (name: string): string => `whsec_${createHash('sha256').update(`${seed} ${name}`).digest('base64')}`;
  return {
    GITHUB_TOKEN: `ghp_${secret('github').slice(0, 36)}`,
    GITHUB_HOOK_SECRET: secret('github hook'),
    GITLAB_TOKEN: `glpat-${secret('gitlab').slice(0, 20)}`,
    GITLAB_SIGNING_TOKEN: key('gitlab hook'),
    JENKINS_TOKEN: secret('jenkins').slice(0, 34),
    JENKINS_HOOK_SECRET: key('jenkins hook'),
    SLACK_URL: `${chat}/slack/services/T0STELLWERK/B0RELEASES/${secret('slack').slice(0, 24)}`,
    DISCORD_URL: `${chat}/discord/api/webhooks/1199990000000000001/${secret('discord').slice(0, 60)}`,
  };
};

const addresses = (urls: DemoPlan['urls']): Record<string, string> =>
  Object.fromEntries(Object.entries(urls).map(([platform, url]) => [`${platform.toUpperCase()}_SIMULATOR_URL`, url]));

/** For a person's shell: `. .stellwerk/demo/demo.env`. */
const envFile = (env: Record<string, string>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');

const render = (example: string, target: string, urls: Record<keyof typeof QUICKSTART_URLS, string>): void => {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(example).filter((file) => /(?<!\.test)\.ya?ml$/.test(file))) {
    const text = Object.entries(QUICKSTART_URLS).reduce(
      (so, [platform, url]) => so.replaceAll(url, urls[platform as keyof typeof urls]),
      readFileSync(join(example, name), 'utf8'),
    );
    writeFileSync(join(target, name), text);
  }
};
