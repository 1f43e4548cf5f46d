import { Octokit } from '@octokit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../kit/types.js';
import { freshJournal, receiveHooks, until } from '../spec/hook-receiver.js';
import { type GithubSimulatorOptions, startGithubSimulator } from './github.simulator.js';

const repo = { owner: 'acme', repo: 'shop' };
const HOOKS = 'GET /repos/{owner}/{repo}/hooks';
const DELIVERIES = 'GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries';
const ATTEMPTS = 'POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts';

interface Item {
  id: number;
  guid: string;
  status: string;
  status_code: number;
}

describe('webhooks of the GitHub simulator', () => {
  let github: RunningSimulator;
  let receiver: Awaited<ReturnType<typeof receiveHooks>>;
  let octokit: Octokit;

  const start = async (options: Partial<GithubSimulatorOptions> = {}): Promise<void> => {
    github = await startGithubSimulator({
      journalFile: freshJournal(), token: 't', hookSecret: 'first', runMilliseconds: 20, repositories: { 'acme/shop': { workflows: { 'ci.yml': { name: 'CI' } } } }, ...options,
    });
    octokit = new Octokit({ baseUrl: github.url, auth: 't' });
  };

  beforeEach(async () => {
    receiver = await receiveHooks();
  });

  afterEach(async () => {
    await github.close();
    await receiver.close();
  });

  const create = (url: string, events = ['workflow_run']) =>
    octokit.request('POST /repos/{owner}/{repo}/hooks', { ...repo, name: 'web', events, config: { url, content_type: 'json', secret: 'mine' } });

  it('are made, tell what they are asked to, signed with their secret, and go', async () => {
    await start();
    const { status, data } = await create(receiver.url);
    expect([status, data.config.secret, data.last_response.status]).toEqual([201, '********', 'unused']);
    await until('the ping', () => receiver.hooks.some(({ headers }) => headers['x-github-event'] === 'ping'));
    github.push({});
    await until('the end', () => receiver.hooks.some(({ body }) => body.includes('"action":"completed"')));
    expect(new Set(receiver.hooks.map(({ headers }) => headers['x-github-event']))).toEqual(new Set(['ping', 'workflow_run']));
    expect(receiver.hooks[0]!.headers['x-hub-signature-256']).toMatch(/^sha256=/);
    await until('the last answer', async () => (await octokit.request(HOOKS, repo)).data[0]!.last_response.code === 202);
    await expect(create(receiver.url)).rejects.toMatchObject({ status: 422 });
    await octokit.request('DELETE /repos/{owner}/{repo}/hooks/{hook_id}', { ...repo, hook_id: data.id });
    expect((await octokit.request(HOOKS, repo)).data).toEqual([]);
  });

  it('lose their secret by a config without one', async () => {
    await start();
    const { data } = await create(receiver.url);
    const changed = await octokit.request('PATCH /repos/{owner}/{repo}/hooks/{hook_id}', { ...repo, hook_id: data.id, config: { url: receiver.url }, add_events: ['push'] });
    expect([changed.data.config, changed.data.events]).toEqual([{ url: receiver.url, content_type: 'form', insecure_ssl: '0' }, ['workflow_run', 'push']]);
  });

  it('of an organization tell of all its repositories', async () => {
    await start({ hookUrl: receiver.url, organizationHooks: true });
    github.push({});
    await until('a hook', () => receiver.hooks.length > 0);
    expect(receiver.hooks[0]!.headers).toMatchObject({ 'x-github-hook-installation-target-type': 'organization' });
    expect((await octokit.request('GET /orgs/{org}/hooks', { org: 'acme' })).data).toMatchObject([{ id: 4711, type: 'Organization' }]);
    expect((await octokit.request(HOOKS, repo)).data).toEqual([]);
    const { data } = await octokit.request('GET /orgs/{org}/hooks/{hook_id}/deliveries', { org: 'acme', hook_id: 4711 });
    expect(data.length).toBeGreaterThan(0);
  });

  it('list their deliveries page by page, by cursor, and by the range of their codes', async () => {
    await start({ hookUrl: receiver.url });
    github.hooks.set({ drop: 3 });
    for (let n = 0; n < 2; n += 1) github.push({});
    await until('all hooks', () => github.sentHooks().length === 12 && github.sentHooks().every(({ state }) => state !== 'pending'));
    const hook = { ...repo, hook_id: 4711 };
    const first = await octokit.request(DELIVERIES, { ...hook, per_page: 10 });
    const cursor = /[?&]cursor=([^&>]+)[^>]*>; rel="next"/.exec(first.headers.link!)![1]!;
    const second = await octokit.request(DELIVERIES, { ...hook, per_page: 10, cursor });
    const ids = [...first.data, ...second.data].map(({ id }) => Number(id));
    expect([ids.length, ids, second.headers.link]).toEqual([12, [...ids].sort((one, other) => other - one), undefined]);
    const failed = (await octokit.request(DELIVERIES, { ...hook, status: 'failure' } as never)).data as Item[];
    expect(failed.map(({ status, status_code: code }) => [status, code])).toEqual(Array.from({ length: 3 }, () => ['failed to connect to host', 502]));
    await expect(octokit.request(DELIVERIES, { ...hook, cursor: 'mine' })).rejects.toMatchObject({ status: 400 });
  });

  it('are asked for no more than the points of a minute allow', async () => {
    await start({ hookUrl: receiver.url, pointsPerMinute: 12 });
    github.hooks.set({ drop: 3 });
    github.push({});
    const hook = { ...repo, hook_id: 4711 };
    const lost = await until('three lost', async () => {
      const items = (await octokit.request(DELIVERIES, hook)).data.filter(({ status }) => status !== 'OK');
      return items.length === 3 && items;
    });
    const ask = (n: number) => octokit.request(ATTEMPTS, { ...hook, delivery_id: Number(lost[n]!.id) });
    expect([(await ask(0)).status, (await ask(1)).status]).toEqual([202, 202]);
    await expect(ask(2)).rejects.toMatchObject({ status: 403, response: { headers: { 'retry-after': expect.stringMatching(/^(5\d|60)$/) } } });
  });
});
