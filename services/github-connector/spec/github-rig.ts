import { join } from 'node:path';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import type { ActionCall, ConnectorAction } from '@stellwerk/connector-kit';
import { HttpClient } from '@stellwerk/http';
import { startGithubSimulator, type RunningSimulator } from '@stellwerk/simulators';
import { tempDir, waitFor } from '@stellwerk/testing';
import { AppTokens } from '../src/app-tokens.client.js';
import { GithubAdapter } from '../src/github.adapter.js';

type Options = Parameters<typeof startGithubSimulator>[0];

/** An action on a simulated GitHub, over real HTTP. */
export interface GithubRig {
  github: RunningSimulator;
  action: ConnectorAction;
  call(options: Partial<CallOptions>): ActionCall;
  /** Bodies of the calls that were to change something. */
  bodies(path?: string): Promise<Record<string, unknown>[]>;
  /** A run of somebody else's that has ended. */
  ended(): Promise<{ id: number }>;
  /** Asks the API as somebody else. */
  ask<T>(path: string, json?: object): Promise<T>;
  close(): Promise<void>;
}

const TOKEN = 'pat';

export const startGithubRig = async (name: string, options: Partial<Options> = {}): Promise<GithubRig> => {
  const home = await tempDir('github');
  const github = await startGithubSimulator({
    journalFile: join(home.path, 'journal.jsonl'), token: TOKEN, hookSecret: 'x', runMilliseconds: 20,
    repositories: { 'acme/shop': { behind: ['topic'], conflicting: ['old'], workflows: {
      'ci.yml': { name: 'CI' }, 'plain.yml': { name: 'Plain', repositoryDispatch: ['plain', 'both'] }, 'other.yml': { name: 'Other', repositoryDispatch: ['other', 'both'] },
      'told.yml': { name: 'Told', repositoryDispatch: ['told', 'shared'], runName: 'Told [${{ github.event.client_payload.STELLWERK_ID }}]' },
      'echo.yml': { name: 'Echo', repositoryDispatch: ['shared'], runName: 'Echo ${{ github.event.client_payload.STELLWERK_ID }}' },
    } } },
    ...options,
  });
  const adapter = new GithubAdapter(new AppTokens(new HttpClient()));
  const ask = async <T>(path: string, json?: object): Promise<T> =>
    (await (await fetch(`${github.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` }, ...(json ? { method: 'POST', body: JSON.stringify(json) } : {}) })).json()) as T;
  return {
    github, ask,
    action: adapter.actions.find((one) => one.name === name)!,
    call: (more) => actionCall(adapter, { url: github.url, action: name, token: TOKEN, with: {}, ...more }),
    bodies: async (path = '') =>
      (await github.journal()).filter((entry) => entry.kind === 'request' && entry.method !== 'GET' && entry.path.includes(path)).map(({ body }) => body as Record<string, unknown>),
    ended: async () => {
      const { id } = github.push({ workflow: 'ci.yml', milliseconds: 1 }) as { id: number };
      await waitFor(async () => (await ask<{ status: string }>(`/repos/acme/shop/actions/runs/${id}`)).status === 'completed', { what: 'the end of a run' });
      return { id };
    },
    close: async () => {
      await github.close();
      await home.remove();
    },
  };
};

export const COMMAND = '9b1c1f7e-0000-8000-8000-000000000000:step:run:1';
