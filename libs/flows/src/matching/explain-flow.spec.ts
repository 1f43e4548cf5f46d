import { describe, expect, it } from 'vitest';
import { event, flow } from '../../test/planned-world.js';
import type { Trigger } from '../model.js';
import { explainFlow } from './explain-flow.js';

const trigger = (more: Partial<Trigger>): Trigger => ({ index: 0, event: ['**'], forks: false, allowCircle: false, ...more });
const explained = (...triggers: Partial<Trigger>[]) => explainFlow(flow([], { on: triggers.map((one, index) => trigger({ ...one, index })) }), { ...event, actor: 'robot' });
const ofIf = (expression: string) => explained({ if: expression }).triggers[0]!.conditions.at(-1)!;

describe('what a flow makes of an event', () => {
  it('names the first trigger that takes it, and every condition of each', () => {
    expect(explained({ branches: ['next'] }, { branches: ['main'], tags: ['v*'] }, { branches: ['*'] })).toEqual({
      flow: 'release', revision: 'r1', matched: 2,
      triggers: [
        { trigger: 0, takes: false, conditions: [
          { condition: 'event', expected: ['**'], holds: true, saw: [{ expression: 'event', value: '"pipelinerun.finished"' }] },
          { condition: 'branches', expected: ['next'], holds: false, message: '"main" is not matched by "next"', saw: [{ expression: 'branches', value: '"main"' }] },
        ] },
        { trigger: 1, takes: false, conditions: [
          expect.objectContaining({ condition: 'event' }), expect.objectContaining({ condition: 'branches', holds: true }),
          { condition: 'tags', expected: ['v*'], holds: false, message: 'the event has no value for it, expected "v*"', saw: [{ expression: 'tags' }] },
        ] },
        expect.objectContaining({ trigger: 2, takes: true }),
      ],
    });
  });

  it('says of a join each part and its conditions, of a schedule and an absence why no event starts them', () => {
    const filters = { event: ['pipelinerun.finished'], forks: false };
    const all = { id: 'all:0', parts: [{ name: 'build', filters }, { name: 'scan', filters: { ...filters, from: ['gitlab'] } }], key: '${{ event.branch }}', withinMs: 1, missing: 'notify' as const };
    const { matched, triggers } = explained({ event: [], all }, { event: [], schedule: { id: 's', cron: '0 6 * * *', zone: 'UTC' } }, { event: [], absent: { id: 'a', of: filters, forMs: 60_000 } });
    expect(matched).toBeUndefined();
    expect(triggers.map(({ takes, conditions }) => [takes, conditions.map(({ part, condition, holds, message }) => [part, condition, holds, message])])).toEqual([
      [false, [
        ['build', 'event', true, undefined], ['build', 'all', false, 'it is this part, for the key "main": a run starts when all parts are there'],
        ['scan', 'event', true, undefined], ['scan', 'from', false, '"github" is not matched by "gitlab"'],
      ]],
      [false, [[undefined, 'schedule', false, 'its instants start it, no event does']]],
      [false, [[undefined, 'event', true, undefined], [undefined, 'absent', false, 'it waits for this not to come: its time counts anew']]],
    ]);
  });

  it('says of an absence that no event starts it, also where its filters do not take the event', () => {
    const { triggers: [absent] } = explained({ event: [], absent: { id: 'a', of: { event: ['pipelinerun.finished'], from: ['gitlab'], forks: false }, forMs: 60_000 } });
    expect(absent).toMatchObject({ takes: false, conditions: [
      { condition: 'event', holds: true }, { condition: 'from', holds: false }, { condition: 'absent', holds: false, message: 'no event starts it: it starts when none that it waits for has come in its time' },
    ] });
  });

  it('shows what an expression read: its paths, and its parts', () => {
    expect(ofIf('event.actor != "robot" && (event.run.id == "7" || event.?tag.orValue("none") == "v1")')).toEqual({
      condition: 'if', expected: [expect.any(String)], holds: false, message: expect.stringMatching(/ is false$/),
      saw: [
        { expression: 'event.actor != "robot"', value: 'false' }, { expression: 'event.run.id == "7"', value: 'true' }, { expression: 'event.?tag.orValue("none") == "v1"', value: 'false' },
        { expression: 'event.actor', value: '"robot"' }, { expression: 'event.run.id', value: '"7"' }, { expression: 'event.?tag' },
      ],
    });
  });

  it('shows what made an expression fail, also when a filter has said no', () => {
    const [{ conditions }] = explained({ branches: ['next'], if: 'event.tag == "v1"' }).triggers as [ReturnType<typeof explained>['triggers'][number]];
    expect(conditions.at(-1)).toEqual({ condition: 'if', expected: ['event.tag == "v1"'], holds: false, message: 'event.tag == "v1": "tag" is absent', saw: [{ expression: 'event.tag' }] });
  });

  it('reads nothing by the names of a list function, and nothing from prototypes', () => {
    expect(ofIf('event.paths.exists(path, path == "a")').saw).toEqual([{ expression: 'event.paths' }]);
    expect(ofIf('has(event.constructor)').saw).toEqual([{ expression: 'event.constructor' }]);
  });

  it('stays short whatever the event holds', () => {
    const long = explainFlow(flow([], { on: [trigger({ paths: ['z'], if: 'event.title == "x"' })] }), { ...event, title: 'x'.repeat(10_000), paths: Array.from({ length: 500 }, (_, at) => `${at}`.padEnd(200, 'y')) });
    expect(JSON.stringify(long).length).toBeLessThan(4_000);
  });
});
