import { describe, expect, it } from 'vitest';
import { World, flow, step } from '../test/planned-world.js';
import { defaultInputs, readInputs } from './inputs.js';
import type { FlowInput } from './model.js';

const declared: Record<string, FlowInput> = {
  version: { type: 'text', required: true }, count: { type: 'number', required: false, default: 3 }, dry: { type: 'boolean', required: false },
};

describe('inputs', () => {
  it('are those that were given, and the defaults of the others', () => {
    expect(readInputs(declared, { version: 'v1' })).toEqual({ inputs: { version: 'v1', count: 3 }, faults: [] });
    expect(readInputs(declared, { version: '', count: 1.5, dry: false })).toEqual({ inputs: { version: '', count: 1.5, dry: false }, faults: [] });
    expect(readInputs(undefined, undefined)).toEqual({ inputs: {}, faults: [] });
  });

  it('name every fault at once, in words, and convert nothing', () => {
    const { faults } = readInputs(declared, { count: '3', dry: 'true', verison: 'v1', constructor: 1 });
    expect(faults).toEqual([
      { input: 'verison', detail: 'there is no input "verison"; there are version, count, dry' },
      { input: 'constructor', detail: 'there is no input "constructor"; there are version, count, dry' },
      { input: 'version', detail: 'input "version" is missing: expected text' },
      { input: 'count', detail: 'input "count" must be a number, got "3"' },
      { input: 'dry', detail: 'input "dry" must be true or false, got "true"' },
    ]);
    expect(readInputs({}, { a: 1 }).faults).toEqual([{ input: 'a', detail: 'there is no input "a"; the flow has none' }]);
  });

  it.each([[null, 'null'], [{ env: 'TOKEN' }, '{"env":"TOKEN"}'], ['x'.repeat(100), undefined], ['a\0b', 'NUL'], ['\ud800', 'half a character']])('%s is text, or it is said what it is', (value, expected) => {
    const details = readInputs({ version: declared.version! }, { version: value }).faults.map(({ detail }) => detail);
    expect(details).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
  });

  it('of a run that an event started are the defaults; nobody was there to be asked', () => expect(defaultInputs(declared)).toEqual({ count: 3 }));
});

describe('a run', () => {
  const env = { version: '${{ inputs.?version.orValue("none") }}', next: '${{ inputs.count + 1 }}' };
  const of = (inputs?: Record<string, unknown>) => new World(flow([step('a', { with: { version: '${{ env.version }}', dry: '${{ inputs.?dry.orValue(false) }}' } })], { inputs: declared, env }), { ...(inputs && { inputs }) });

  it('reads them typed, in env and in its steps, and shows them', () => {
    const world = of({ version: 'v7', dry: true });
    expect(world.run.env).toEqual({ version: 'v7', next: 4 });
    expect(world.commands.get('run:a:run:1')?.with).toEqual({ version: 'v7', dry: true });
    expect(world.snapshot().inputs).toEqual({ version: 'v7', dry: true, count: 3 });
  });

  it('that an event started has the defaults', () => expect(of().run.env).toEqual({ version: 'none', next: 4 }));

  it('whose inputs do not fit what the flow declares fails with all that is wrong, before anything begins', () => {
    const world = of({ count: true, colour: 'red' });
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringMatching(/^inputs: there is no input "colour".*"version" is missing.*"count" must be a number/) });
    expect(world.commands.size).toBe(0);
    // A retry is no way around it.
    world.feed({ kind: 'retry', by: 'alice' });
    expect(world.run).toMatchObject({ state: 'failed', attempt: 2, reason: expect.stringContaining('"version" is missing') });
  });

  it('of a flow without inputs shows none', () => expect(new World(flow([step('a')])).snapshot()).not.toHaveProperty('inputs'));
});
