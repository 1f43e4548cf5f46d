import type { EventContext } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { givenFiles } from '../files/given-files.js';
import { Backtest } from './backtest.js';

const flows = (ref: string) => {
  const text = `kind: Connection
metadata: { name: hooks }
spec: { platform: webhook }
---
kind: Connection
metadata: { name: github }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
---
kind: Flow
metadata: { name: release }
spec:
  on: [{ event: custom.received, from: hooks }]
  env: { all: "\${{ event.payload }}" }
  steps: { go: { uses: github/dispatch-workflow, with: { repository: a/b, workflow: c.yml, ref: ${ref} } } }
`;
  const { resources, faults } = givenFiles([{ path: 'a.yaml', text }]);
  expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
  return Object.values(resources.flows);
};

describe('a backtest', () => {
  it('plays an event whose payload holds a great many values', () => {
    const event: EventContext = {
      id: 'one', fact: 'one', type: 'custom.received', connection: 'hooks', platform: 'webhook', occurredAt: '2026-01-01T00:00:00.000Z',
      payload: { all: Array.from({ length: 200_000 }, (_, at) => at) },
    };
    const found = new Backtest(flows('main'), flows('next'), { connections: { hooks: 'webhook', github: 'github' }, environments: {} });
    found.add(event);
    expect(found.changes).toEqual([{ flow: 'release', change: 'differs', event: 'one', differences: [{ path: 'steps.go.with.ref', before: '"main"', after: '"next"' }] }]);
  });
});
