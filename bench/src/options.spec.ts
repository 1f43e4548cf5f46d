import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('the options of the bench', () => {
  it('measures all but the hour and the cost of a change by default', () => {
    expect(parseOptions([]).sections).toEqual(['accept', 'sustained', 'latency', 'memory', 'tracing', 'sync', 'flows', 'runs', 'replicas', 'neighbours']);
    expect(parseOptions(['--full']).sections).toEqual(expect.arrayContaining(['soak', 'profiles']));
  });

  it('keeps the order of the report whatever order is asked for', () => {
    expect(parseOptions(['--only', 'latency, accept']).sections).toEqual(['accept', 'latency']);
  });

  it('takes whoever wants a profile for one who changes something', () => {
    expect(parseOptions(['--profile', 'router'])).toMatchObject({ sections: ['cost'], cost: { profile: 'router', flows: 500, rate: 50 } });
  });

  it('soaks at the rate that is asked for', () => {
    expect(parseOptions(['--only', 'soak', '--rate', '40'])).toMatchObject({ sections: ['soak'], soakRate: 40 });
    expect(parseOptions(['--full']).soakRate).toBeUndefined();
  });

  it.each([[['--only', 'speed'], /--only speed: expected accept/], [['--flows', 'many'], /--flows many: expected a whole number/]])('says what is wrong with %j', (args, words) => {
    expect(() => parseOptions(args)).toThrow(words);
  });
});
