import { describe, expect, it } from 'vitest';
import { advance, startRun, type Flow, type Plan, type PlanFacts, type PlanInput, type Step } from '@stellwerk/flows';
import { doneBy } from './done-by.js';
import type { Order } from './gather-order.js';

const RETRY = { attempts: 1, on: [], backoffMs: 1, factor: 1, maxMs: 1 };
const step = (name: string, more: Partial<Step> = {}): Step =>
  ({ name, needs: [], uses: { connection: 'gitlab', action: 'trigger-pipeline' }, with: {}, await: true, timeoutMs: 60_000, retry: RETRY, ...more });

const FACTS: PlanFacts = { now: new Date('2026-11-24T08:00:00Z'), random: () => 0.5, runUrl: '', environments: {}, ledger: {} };

/** What each of these orders is answered, given to a run of these steps one after the other. */
const answers = (steps: Step[], ...inputs: PlanInput[]): string[] => {
  const flow: Flow = {
    name: 'release', labels: {}, revision: 'r1', file: 'f', on: [{ index: 0, event: ['commit.pushed'], forks: false, allowCircle: false }],
    timeoutMs: 86_400_000, env: {}, steps, onFailure: 'stop', notify: [],
  };
  const event = { id: 'e', type: 'commit.pushed', fact: 'f', connection: 'github', platform: 'github', occurredAt: '2026-11-24T08:00:00Z' } as const;
  let plan: Plan = startRun({ id: 'run', flow, trigger: flow.on[0]!, event, connections: { gitlab: 'gitlab' }, reportTo: [], chain: { links: 0, flows: [] } }, FACTS);
  return inputs.map((input) => {
    plan = advance(plan.run, flow, [input], FACTS);
    return doneBy(input as Order, plan);
  });
};

const CANCEL = { kind: 'cancel', by: 'alice' } as const;
const lost = { kind: 'unknown', result: { command: 'run:build:run:1', reason: 'timed out' } } as const;
const resolve = (ran: boolean) => ({ kind: 'resolve', step: 'build', ran, ...(ran && { platformRun: '4711' }), by: 'alice' }) as const;

describe('what people hear of their order', () => {
  it('a cancel: what is told to stop, with what the run goes on, and that another one ends this too', () => {
    expect(answers([step('build'), step('tidy', { needs: ['build'], if: 'always()' })], CANCEL, CANCEL)).toEqual([
      'the run is being cancelled; it is running until what the flow does then has ended (tidy), or another cancel ends that too; its platforms are told to stop build',
      'the run is cancelled; its platforms are told to stop tidy',
    ]);
  });

  it('a cancel of what only waits tells no platform', () => {
    expect(answers([step('pause', { uses: undefined, wait: { ms: 1_000 } })], CANCEL)).toEqual(['the run is cancelled']);
  });

  it('a settled step: what is done about it, and that the run is being cancelled where it is', () => {
    const steps = [step('build'), step('tidy', { if: 'cancelled()', needs: ['build'] })];
    expect(answers(steps, lost, resolve(true)).at(-1)).toBe('step build is settled: the end of run 4711 is awaited; the run is running');
    expect(answers(steps, lost, resolve(false)).at(-1)).toBe('step build is settled: it is sent once more; the run is running');
    expect(answers([step('build', { await: false })], lost, resolve(true)).at(-1)).toBe('step build is succeeded; the run is succeeded');
  });

  it('a vote: how many have, or what became of it', () => {
    const asks = step('ask', { uses: undefined, approve: { by: ['alice', 'bob'], count: 2, notAuthor: false } });
    const vote = (by: string): PlanInput => ({ kind: 'vote', approval: 'run:ask:approval:1', decision: 'approve', by, teams: [] });
    expect(answers([asks, step('go', { needs: ['ask'] })], vote('alice'), vote('bob'), vote('bob')))
      .toEqual(['1 of 2 have approved', 'the approval is approved, the run is running', 'the approval is approved, the run is running']);
  });
});
