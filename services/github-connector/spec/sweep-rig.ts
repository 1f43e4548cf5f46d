import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRig, TOKEN, type Rig } from '@stellwerk/connector-kit/conformance';
import { connectorRequest } from '@stellwerk/contracts';
import { RequestClient } from '@stellwerk/messaging';
import { startGithubSimulator, type GithubSimulatorOptions, type RunningSimulator } from '@stellwerk/simulators';
import { waitFor } from '@stellwerk/testing';
import pg from 'pg';
import { openHookDoor, type HookDoor } from './hook-door.js';
import { subject } from './subject.js';

export const HOOK_SECRET = 'the secret of the webhooks';

/** A connector beside a GitHub whose webhooks lead to a door that can be shut. */
export interface SweepRig {
  github: RunningSimulator;
  door: HookDoor;
  rig: Rig;
  /** What every connector process is started with. */
  env: Record<string, string>;
  /** Writes the connection `c` and a flow that waits for the ends of runs in `acme/shop`; `webhook` beside its secret. */
  configure(webhook?: object, auth?: object): Promise<void>;
  /** So many runs of others begin and end; resolves when all that GitHub had to tell is told or lost. */
  runs(count: number): Promise<void>;
  /** GitHub shows no runs to these credentials any more. */
  withoutLists(): void;
  /** Redeliveries that were asked for, by the number of the attempt they repeat. */
  asked(): Promise<string[]>;
  query<T extends object>(sql: string): Promise<T[]>;
  /** What status asks of the connector for a person. */
  ask<T>(order: 'check' | 'set-up', data: object): Promise<T>;
  close(): Promise<void>;
}

const RESOURCES = (url: string, webhook: object, auth: object): string => `
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: c }
spec:
  platform: github
  url: ${url}
  webhook: ${JSON.stringify({ secrets: [{ env: 'HOOK_SECRET' }], ...webhook })}
  auth: ${JSON.stringify(auth)}
  network: { allow: [127.0.0.0/8] }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: release }
spec:
  on: { event: pipelinerun.finished, from: c, repository: acme/shop }
  report: []
  steps:
    deploy: { uses: c/dispatch-workflow, with: { repository: acme/shop, workflow: deploy.yml, ref: main } }
`;

export const startSweepRig = async (options: Partial<GithubSimulatorOptions> = {}): Promise<SweepRig> => {
  const door = await openHookDoor();
  let github: RunningSimulator | undefined;
  const rig = await startRig({
    ...subject,
    start: async ({ journalFile, token, runMilliseconds }) => {
      github = await startGithubSimulator({
        journalFile, token, runMilliseconds, hookSecret: HOOK_SECRET, hookUrl: `${door.url}/c`, repositories: { 'acme/shop': { workflows: { 'ci.yml': { name: 'CI' } } } }, ...options,
      });
      return github;
    },
  });
  const client = new pg.Client(rig.databaseUrl);
  await client.connect();
  await client.query('SET search_path = github_connector');
  const requests = new RequestClient({ name: 'status', url: rig.natsUrl });
  const settled = (): boolean => github!.sentHooks().every(({ state }) => state !== 'pending');
  return {
    github: github!, door, rig,
    env: { PUBLIC_HOOKS_URL: door.url, HOOK_SECRET, PLATFORM_TOKEN: TOKEN },
    configure: (webhook = {}, auth = { token: { env: 'PLATFORM_TOKEN' } }) => writeFile(join(rig.dir, 'config', 'connections.yaml'), RESOURCES(github!.url, webhook, auth)),
    async runs(count) {
      const before = github!.sentHooks().length;
      for (let n = 0; n < count; n += 1) github!.push({ milliseconds: 20 });
      await waitFor(() => github!.sentHooks().length === before + 6 * count && settled(), { timeoutMs: 30_000, what: `the hooks of ${count} runs` });
    },
    withoutLists: () => github!.faults.add({ kind: 'status', status: 403, method: 'GET', path: '*/actions/runs', times: 0, body: { message: 'Resource not accessible by personal access token' } }),
    asked: async () => (await github!.journal()).filter(({ method, path }) => method === 'POST' && path.endsWith('/attempts')).map(({ path }) => /deliveries\/(\d+)/.exec(path)![1]!),
    ask: (order, data) => requests.ask(connectorRequest('github-connector', order), data, 30_000),
    query: async <T extends object>(sql: string) => (await client.query<T & pg.QueryResultRow>(sql)).rows,
    async close() {
      await requests.onApplicationShutdown();
      await client.end();
      await rig.close();
      await door.close();
    },
  };
};
