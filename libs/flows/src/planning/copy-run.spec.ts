import { describe, expect, it } from 'vitest';
import { World, flow, retry, step, undo } from '../../test/planned-world.js';

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
};

describe('planning', () => {
  it('leaves the record it was given as it was, whatever happens to the run', () => {
    const world = new World(flow([
      step('a', { rollback: undo(), retry: retry(2) }), step('b', { needs: ['a'], rollback: undo() }), step('c', { needs: ['b'] }),
    ], { onFailure: 'rollback' }), { report: true });
    const then = (happens: () => void): void => {
      const before = frozen(world.run);
      const text = JSON.stringify(before);
      happens();
      expect(JSON.stringify(before)).toBe(text);
      expect(world.run).not.toBe(before);
    };
    then(() => world.accepted('run:report:report:1', { followed: false }));
    then(() => world.platform('run:a:run:1', 'started', undefined, { correlation: 'run:a:run:1' }));
    then(() => world.platform('run:a:run:1', 'finished', 'failure', { correlation: 'run:a:run:1' }));
    then(() => world.strike('a:run:1:retry'));
    then(() => world.unknown('run:a:run:2'));
    then(() => world.feed({ kind: 'resolve', step: 'a', ran: true, platformRun: '7', by: 'alice' }));
    then(() => world.accepted('run:a:run:3', { id: '7' }));
    then(() => world.platform('7', 'finished', 'success'));
    then(() => world.ends('run:b:run:1', 'success'));
    then(() => world.feed({ kind: 'note', text: 'a circle' }));
    then(() => world.ends('run:c:run:1', 'failure'));
    expect(world.run.state).toBe('rolling-back');
    then(() => world.feed({ kind: 'cancel', by: 'alice' }));
    expect(world.run.state).toBe('cancelled');
  });
});
