import type { Trigger } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { LONGEST_CHAIN, chainAfter, circleAt } from './circles.js';

const trigger = (allowCircle = false): Trigger => ({ index: 0, event: ['pipelinerun.finished'], forks: false, allowCircle });
const behind = (flow: string, ...before: string[]) => ({ id: 'run', flow, chain: { links: before.length, flows: before } });

describe('chains of runs', () => {
  it('begin with what nobody of ours caused, and grow by one link a run', () => {
    expect(chainAfter(undefined)).toEqual({ links: 0, flows: [] });
    expect(chainAfter(behind('b', 'a'))).toEqual({ links: 2, flows: ['a', 'b'] });
  });

  it('do not come back to a flow they have been at, directly or through others', () => {
    expect(circleAt('a', trigger(), undefined)).toBeUndefined();
    expect(circleAt('a', trigger(), behind('b', 'c'))).toBeUndefined();
    expect(circleAt('a', trigger(), behind('a'))).toContain('was not started again by its own result');
    expect(circleAt('a', trigger(), behind('b', 'a'))).toContain('was not started again by its own result');
  });

  it('may with allow-circle, until they have 20 links', () => {
    expect(circleAt('a', trigger(true), behind('a', ...Array<string>(LONGEST_CHAIN - 2).fill('a')))).toBeUndefined();
    expect(circleAt('a', trigger(true), behind('a', ...Array<string>(LONGEST_CHAIN - 1).fill('a')))).toContain('20 links');
    expect(circleAt('z', trigger(), behind('a', ...Array<string>(LONGEST_CHAIN - 1).fill('b')))).toContain('20 links');
  });
});
