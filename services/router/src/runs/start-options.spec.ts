import type { EventContext, Flow, ResourceSet } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { connectionsOf, reportTargets } from './start-options.js';

const resources = {
  connections: {
    github: { name: 'github', platform: 'github', auth: { token: { env: 'T' } } },
    mute: { name: 'mute', platform: 'github' },
    gitlab: { name: 'gitlab', platform: 'gitlab', auth: { token: { env: 'T' } } },
    jenkins: { name: 'jenkins', platform: 'jenkins', auth: { user: 'robot', token: { env: 'T' } } },
  },
} as unknown as ResourceSet;
const from = (connection: string): EventContext => ({ connection }) as EventContext;
const names = (report: string[] | undefined, ...connections: string[]): string[] =>
  reportTargets({ report } as Flow, connections.map(from), resources).map((target) => target.connection);

describe('the commit status', () => {
  it('goes to where the event came from, if that platform has one and lets us in', () => {
    expect(names(undefined, 'github')).toEqual(['github']);
    expect(names(undefined, 'gitlab')).toEqual(['gitlab']);
    expect(names(undefined, 'jenkins')).toEqual([]);
    expect(names(undefined, 'mute')).toEqual([]);
    expect(names(undefined, 'gone')).toEqual([]);
  });

  it('goes to every place that events of a join came from, once', () => {
    expect(names(undefined, 'gitlab', 'jenkins', 'github', 'gitlab')).toEqual(['gitlab', 'github']);
  });

  it('goes to what the flow names, and nowhere with an empty list', () => {
    expect(names(['github'], 'gitlab')).toEqual(['github']);
    expect(names(['mute'], 'gitlab')).toEqual(['mute']);
    expect(names([], 'github')).toEqual([]);
  });
});

describe('the connections of a run', () => {
  it('are those its steps and rollbacks name', () => {
    const flow = { steps: [{ uses: { connection: 'gitlab' }, rollback: { uses: { connection: 'github' } } }] } as Flow;
    expect(connectionsOf(flow, resources)).toEqual({ gitlab: 'gitlab', github: 'github' });
  });
});
