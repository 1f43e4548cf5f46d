import { describe, expect, it } from 'vitest';
import { ownOutcome } from './outcome-words.js';
import { tellRun } from './run-report.js';

const rules = { outcomeOf: ownOutcome, repository: 'c', outputs: true };
const report = (type: string, outputs: unknown, of = rules) => {
  const told = tellRun({ type, data: { id: '7', outcome: 'success', outputs } }, of);
  if ('ignored' in told) throw new Error(told.ignored);
  return told[0]!.data;
};

describe('outputs in a run report', () => {
  it('are those of an end only, and of an object only', () => {
    expect(report('pipelinerun.finished', { version: '1' })).toMatchObject({ outputs: { version: '1' } });
    for (const data of [report('pipelinerun.started', { version: '1' }), report('pipelinerun.finished', 'text'), report('pipelinerun.finished', undefined)]) expect(data).not.toHaveProperty('outputs');
  });

  it('are not read where the end is told by others, too, who do not know them', () => {
    expect(report('pipelinerun.finished', { version: '1' }, { ...rules, outputs: false })).not.toHaveProperty('outputs');
  });

  it('that are too large are left out, and the event says why', () => {
    const data = report('pipelinerun.finished', { a: 'x'.repeat(20_000) });
    expect(data).not.toHaveProperty('outputs');
    expect(data.raw).toEqual({ outcome: 'success', outputs: 'they have 20008 bytes, expected at most 16384' });
  });
});
