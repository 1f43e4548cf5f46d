import type { Trigger } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { LONGEST_CHAIN, chainAfter, circleAt } from './circles.js';

const trigger = (allowCircle = false): Trigger => ({ index: 0, event: ['pipelinerun.finished'], forks: false, allowCircle });
const behind = (flow: string, ...before: string[]) => ({ id: 'run', flow, chain: { links: before.length, flows: before } });

describe('chains of runs', () => {
  it('begin with what nobody of ours caused, and grow by one link a run', () => {
    expect(chainAfter([])).toEqual({ links: 0, flows: [] });
    expect(chainAfter([behind('b', 'a')])).toEqual({ links: 2, flows: ['a', 'b'] });
  });

  it('do not come back to a flow they have been at, directly or through others', () => {
    expect(circleAt('a', trigger(), [])).toBeUndefined();
    expect(circleAt('a', trigger(), [behind('b', 'c')])).toBeUndefined();
    expect(circleAt('a', trigger(), [behind('a')])?.text).toContain('was not started again by its own result');
    expect(circleAt('a', trigger(), [behind('b', 'a')])?.text).toContain('was not started again by its own result');
  });

  it('may with allow-circle, until they have 20 links', () => {
    expect(circleAt('a', trigger(true), [behind('a', ...Array<string>(LONGEST_CHAIN - 2).fill('a'))])).toBeUndefined();
    expect(circleAt('a', trigger(true), [behind('a', ...Array<string>(LONGEST_CHAIN - 1).fill('a'))])?.text).toContain('20 links');
    expect(circleAt('z', trigger(), [behind('a', ...Array<string>(LONGEST_CHAIN - 1).fill('b'))])?.text).toContain('20 links');
  });

  it('come together where several are behind one event: none of them is gone through again, and it is said where it was', () => {
    const both = [{ ...behind('starts', 'first'), id: 'started it' }, { ...behind('repeats'), id: 'set it going again' }];
    expect(chainAfter(both)).toEqual({ links: 3, flows: ['first', 'starts', 'repeats'] });
    expect(['first', 'starts', 'repeats', 'other'].map((flow) => circleAt(flow, trigger(), both)?.run)).toEqual(['started it', 'started it', 'set it going again', undefined]);
  });
});
