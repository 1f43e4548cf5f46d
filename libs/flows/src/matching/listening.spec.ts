import { describe, expect, it } from 'vitest';
import type { Flow, ResourceSet } from '../model.js';
import { namedRepositories, wantedEvents } from './listening.js';

const flow = (name: string, on: object[], steps: object[] = []): [string, Flow] =>
  [name, { name, on: on.map((trigger, index) => ({ index, forks: false, allowCircle: false, ...trigger })), steps } as unknown as Flow];

const flows: ResourceSet['flows'] = Object.fromEntries([
  flow('release', [{ event: ['pipelinerun.finished'], from: ['github'], repository: ['acme/shop', '!acme/old'] }]),
  flow('any', [{ event: ['change.*'], repository: ['acme/*'] }, { event: ['commit.pushed'], repository: ['Acme/Shop', 'acme/site'] }]),
  flow('other', [{ event: ['release.published'], from: ['gitlab'], repository: ['group/app'] }], [{ uses: { connection: 'jenkins', action: 'start-build' } }]),
]);
const set = (webhook?: object) => ({ flows, connections: { github: { name: 'github', webhook } } as unknown as ResourceSet['connections'] });

describe('repositories whose webhooks should lead here', () => {
  it('are those that triggers name without globs, once whatever their case', () =>
    expect(namedRepositories(set(), 'github')).toEqual(['acme/shop', 'acme/site']));
  it('and those that the connection lists', () =>
    expect(namedRepositories(set({ secrets: [], tokens: [], repositories: ['acme/infra', 'ACME/shop'] }), 'github')).toEqual(['acme/infra', 'ACME/shop', 'acme/site']));
  it('are those of the connections a trigger hears', () =>
    expect(namedRepositories(set(), 'gitlab')).toEqual(['Acme/Shop', 'acme/site', 'group/app']));
});

const joined = Object.fromEntries([
  flow('join', [{ event: [], all: { parts: [{ name: 'a', filters: { event: ['tag.created'], from: ['github'], repository: ['acme/joined'] } }, { name: 'b', filters: { event: ['release.published'], from: ['gitlab'], repository: ['group/joined'] } }] } }]),
  flow('watch', [{ event: [], absent: { of: { event: ['deployment.finished'], repository: ['acme/watched'] } } }, { event: [], schedule: { cron: '0 6 * * *', zone: 'UTC' } }]),
]);

it('joins and absences want the events of their filters, and name their repositories; schedules want nothing', () => {
  expect(namedRepositories({ flows: joined, connections: {} }, 'github')).toEqual(['acme/joined', 'acme/watched']);
  expect(namedRepositories({ flows: joined, connections: {} }, 'gitlab')).toEqual(['group/joined', 'acme/watched']);
  expect(wantedEvents(joined, 'github', 'acme/joined')).toEqual(['tag.created']);
  expect(wantedEvents(joined, 'gitlab')).toEqual(['deployment.finished', 'release.published']);
});

describe('events that flows want', () => {
  it('come from the triggers that hear the connection and the repository', () => {
    expect(wantedEvents(flows, 'github', 'acme/shop')).toEqual(['pipelinerun.finished', 'change.created', 'change.updated', 'change.merged', 'change.abandoned']);
    expect(wantedEvents(flows, 'github', 'acme/site')).toEqual(['change.created', 'change.updated', 'change.merged', 'change.abandoned', 'commit.pushed']);
    expect(wantedEvents(flows, 'gitlab')).toContain('release.published');
  });
  it('and how runs go, where a step starts some', () =>
    expect(wantedEvents({ other: flows.other! }, 'jenkins')).toEqual(['pipelinerun.started', 'pipelinerun.finished']));
  it('and what steps wait for', () => {
    const waits = Object.fromEntries([flow('waits', [{ event: ['commit.pushed'], from: ['github'] }], [{ name: 'scan', wait: { on: { event: ['tag.created'], from: ['gitlab'], repository: ['group/scan'] } } }, { name: 'pause', wait: { ms: 1 } }])]);
    expect(wantedEvents(waits, 'gitlab')).toEqual(['tag.created']);
    expect(namedRepositories({ ...set(), flows: waits }, 'gitlab')).toEqual(['group/scan']);
  });
});
