import { describe, expect, it } from 'vitest';
import { matchPipelines, type Candidate } from './match-pipelines.js';

const commandId = 'r:s:run:1';
const candidate = (id: number, variable: Candidate['variable'], claimed = false): Candidate => ({ pipeline: { id }, variable, claimed });

describe('which pipeline an unsettled trigger created', () => {
  it('is the one that carries our id', () => {
    expect(matchPipelines([candidate(1, {}), candidate(2, { value: commandId })], { commandId, carrier: true })).toMatchObject({ kind: 'found', pipeline: { id: 2 } });
  });

  it('is none of those without it, when it was sent along', () => {
    expect(matchPipelines([candidate(1, {}), candidate(2, { value: 'x:s:run:1' })], { commandId, carrier: true })).toEqual({ kind: 'absent' });
  });

  it('is the only free one, when it could not be sent along', () => {
    expect(matchPipelines([candidate(1, {}, true), candidate(2, {})], { commandId, carrier: false })).toMatchObject({ kind: 'found', pipeline: { id: 2 } });
  });

  it('cannot be told between two', () => {
    expect(matchPipelines([candidate(1, {}), candidate(2, {})], { commandId, carrier: false })).toMatchObject({ kind: 'cannot' });
  });

  it('may be one whose variables we may not see', () => {
    expect(matchPipelines([candidate(1, 'unreadable')], { commandId, carrier: true })).toMatchObject({ kind: 'found' });
    expect(matchPipelines([candidate(1, 'unreadable'), candidate(2, 'unreadable')], { commandId, carrier: true })).toMatchObject({ kind: 'cannot' });
  });
});
