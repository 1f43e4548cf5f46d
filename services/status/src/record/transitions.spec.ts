import type { RunSnapshot, RunState, StepState } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { entersState, movedSteps, saidTransitions } from './transitions.js';

const run = (version: number, state: RunState, steps: Record<string, StepState> = {}): RunSnapshot => ({
  id: 'r', flow: 'release', revision: 'a', state, event: { id: 'e', type: 'pipelinerun.finished', connection: 'github' },
  steps: Object.entries(steps).map(([name, stepState]) => ({ name, state: stepState, needs: [], attempts: [] })),
  attempt: 1, version, createdAt: '2026-01-01T00:00:00.000Z',
});

describe('a run enters a state', () => {
  it('when it is first heard of', () => expect(entersState(undefined, run(1, 'running'), 'run.started')).toBe(true));
  it('when its state is another than before', () => expect(entersState(run(4, 'running'), run(5, 'failed'), 'run.failed')).toBe(true));
  it('even when only step.changed was told and the versions between are missing', () =>
    expect(entersState(run(1, 'queued'), run(7, 'running'), 'step.changed')).toBe(true));
  it('not when only a step moved', () => expect(entersState(run(4, 'running'), run(5, 'running'), 'step.changed')).toBe(false));
  it('again, when the versions in between, in which it left the state, are missing', () =>
    expect(entersState(run(4, 'waiting'), run(6, 'waiting'), 'run.waiting')).toBe(true));
});

describe('a run that waits on', () => {
  const said = (some: { previous?: RunState; awaits?: string[] }) => saidTransitions({ run: run(5, 'waiting', { a: 'waiting' }), type: 'step.changed', moved: [], previous: 'waiting', ...some });
  it('is told when something else is awaited', () => expect(said({ awaits: ['a'] })).toEqual({ entered: true, previous: 'waiting', moved: [], awaits: ['a'] }));
  it('is not told when the same is, or a router of before does not say', () => expect(said({})).toEqual({ entered: false, previous: 'waiting', moved: [] }));
  it('is not told that it waits while something runs beside it', () =>
    expect(saidTransitions({ run: run(5, 'running', { a: 'waiting', b: 'running' }), type: 'step.changed', moved: [], previous: 'running', awaits: ['a'] })?.entered).toBe(false));
});

describe('moved steps', () => {
  it('are those with another state', () => {
    const moved = movedSteps(run(1, 'running', { a: 'running', b: 'pending' }), run(2, 'running', { a: 'succeeded', b: 'pending' }));
    expect(moved.map((step) => step.name)).toEqual(['a']);
  });
  it('of a new run leave out what is still pending', () => {
    expect(movedSteps(undefined, run(1, 'running', { a: 'triggering', b: 'pending' })).map((step) => step.name)).toEqual(['a']);
  });
});
