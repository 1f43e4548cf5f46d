import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TranslatedEvent } from '../hook-platform.js';
import { githubRunHasBegun, githubRunHistory } from './run-history.js';
import { translateGithub } from './translate.js';

const context = { connection: 'github', platform: 'github', origin: 'https://api.github.com', receivedAt: new Date('2026-11-24T08:30:00Z') } as const;

const hookOf = (name: string) => JSON.parse(readFileSync(new URL(`golden/${name}.hook.json`, import.meta.url), 'utf8'));

const hooked = (name: string): TranslatedEvent => {
  const { headers, body } = hookOf(name);
  return translateGithub(body, { ...context, hookId: `github:${name}`, headers }).events[0]!;
};

/** A run as lists have it: with the repository in it that stands beside it in a hook. */
const listed = (name: string, more: object = {}) => {
  const { workflow_run: run, repository } = hookOf(name).body;
  return { ...run, repository: { id: repository.id, full_name: repository.full_name }, ...more };
};

/** Without what names the teller. */
const told = ({ id: _id, data: { hook: _hook, ...data }, ...event }: TranslatedEvent) => ({ ...event, data });

describe('what a list shows of a run afterwards', () => {
  it('is all that its hooks told, to the field', () => {
    const events = githubRunHistory(listed('workflow-run-completed-success'), 'ACME/Shop', context, true);
    expect(events.map(told)).toEqual(['workflow-run-requested', 'workflow-run-in-progress', 'workflow-run-completed-success'].map((name) => told(hooked(name))));
    expect(events.map(({ id, fact }) => id === `github:poll:${fact}`)).toEqual([true, true, true]);
  });

  it.each([
    'workflow-run-completed-from-fork', 'workflow-run-completed-fork-deleted', 'workflow-run-completed-pull-request', 'workflow-run-completed-second-attempt-timed-out',
    'workflow-run-completed-dispatched-by-us', 'workflow-run-completed-repository-dispatched-by-us', 'workflow-run-title-is-no-correlation',
  ])('ends as the hook %s told: whose commit it is, which attempt, whose order', (name) => {
    const events = githubRunHistory(listed(name), 'acme/shop', context, true);
    expect(told(events.at(-1)!)).toEqual(told(hooked(name)));
    expect(new Set(events.map(({ data }) => JSON.stringify([data.fork, data.branch, data.correlation, data.run, data.cause, data.causedBy]))).size).toBe(1);
  });

  it('has no change any more when that was merged since, which is the one field that flows filter on and that a list may lack', () => {
    const [finished] = githubRunHistory(listed('workflow-run-completed-pull-request', { pull_requests: [] }), 'acme/shop', context, false).slice(-1);
    const { change, base, ...rest } = hooked('workflow-run-completed-pull-request').data;
    expect([typeof change?.number, typeof base]).toEqual(['number', 'string']);
    const { hook: _hook, ...expected } = rest;
    expect(finished!.data).toEqual(expected);
  });

  it.each([
    ['completed', 'success', true], ['completed', 'failure', true], ['completed', 'timed_out', true], ['completed', 'neutral', true], ['in_progress', null, true],
    ['completed', 'skipped', false], ['completed', 'startup_failure', false], ['completed', 'action_required', false], ['queued', null, false], ['pending', null, false],
    ['completed', 'cancelled', undefined], ['completed', 'stale', undefined], ['waiting', null, undefined], ['completed', 'a new word', false],
  ])('of %s %s tells whether it had begun: %s', (status, conclusion, begun) => {
    expect(githubRunHasBegun(listed('workflow-run-completed-success', { status, conclusion }))).toBe(begun);
  });

  it('tells no end of what runs, and nothing of what is no run', () => {
    const run = listed('workflow-run-completed-success', { status: 'in_progress', conclusion: null });
    expect(githubRunHistory(run, 'acme/shop', context, true).map(({ type }) => type)).toEqual(['pipelinerun.queued', 'pipelinerun.started']);
    for (const odd of [null, 'x', [], {}, { id: 'a/b' }]) expect(githubRunHistory(odd, 'acme/shop', context, true)).toEqual([]);
  });
});
