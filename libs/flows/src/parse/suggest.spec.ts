import { FLOW_EVENT_TYPES, OUTCOMES, STEP_STATES } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { suggestion } from './suggest.js';

describe('what is offered instead of an unknown name', () => {
  it.each([
    ['pipelinerun.finnished', 'pipelinerun.finished'], ['pipelinerun.finish', 'pipelinerun.finished'], ['pipeline.finished', 'pipelinerun.finished'], ['commit.push', 'commit.pushed'],
    ['pipelinerun.done', 'pipelinerun.finished'], ['taskrun.completed', 'taskrun.finished'], ['pipelinerun.running', 'pipelinerun.started'], ['change.opened', 'change.created'], ['branch.removed', 'branch.deleted'],
  ])('%s is an event misspelt, or called as others call it: %s', (wrong, right) => expect(suggestion(wrong, FLOW_EVENT_TYPES)).toBe(`: did you mean "${right}"?`));

  it('a known subject with a word that is not near: the words of this subject, not one of them by chance', () =>
    expect(suggestion('pipelinerun.exploded', FLOW_EVENT_TYPES)).toBe(': expected one of pipelinerun.queued, pipelinerun.started, pipelinerun.finished'));

  it('words of one meaning fit to the place', () => {
    expect([suggestion('failed', OUTCOMES), suggestion('success', STEP_STATES)]).toEqual([': did you mean "failure"?', ': did you mean "succeeded"?']);
    expect(suggestion('done', ['build', 'test'])).toBe(': expected one of build, test');
  });

  it('of short names none is near, of longer ones what a slip of the finger makes', () => {
    expect([suggestion('x', ['a']), suggestion('gh', ['gl', 'ci'])]).toEqual([': expected a', ': expected one of gl, ci']);
    expect([suggestion('biuld', ['build', 'test']), suggestion('sacn', ['scan', 'e2e']), suggestion('Deploy', ['deploy'])]).toEqual([': did you mean "build"?', ': did you mean "scan"?', ': did you mean "deploy"?']);
    expect(suggestion('production', ['staging', 'vault'])).toBe(': expected one of staging, vault');
  });

  it('names each known name once, and not too many', () => {
    expect(suggestion('vault', ['prod', 'prod'])).toBe(': expected prod');
    expect(suggestion('prdo', ['prod', 'prod'])).toBe(': did you mean "prod"?');
    expect(suggestion('zzzzz', Array.from({ length: 20 }, (_, at) => `name-${at}`))).toMatch(/^: expected one of name-0, .*name-11, …$/);
    expect(suggestion('x', [])).toBe('');
  });
});
