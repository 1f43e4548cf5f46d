import { expect, it } from 'vitest';
import { Places } from './places.js';

const never = new AbortController().signal;

it('so many at once, others in the order they came, and no more than may wait', async () => {
  const places = new Places(1, 2);
  const turns: string[] = [];
  const leave = await places.take(never);
  const [one, two] = ['one', 'two'].map((name) => places.take(never).then((left) => { turns.push(name); return left!; }));
  expect(await places.take(never)).toBeUndefined();
  leave!();
  leave!();
  const second = await one!;
  expect(turns, 'left twice is left once').toEqual(['one']);
  second();
  (await two!)();
  expect(await places.take(never)).toBeTypeOf('function');
});

it('whoever does not wait any longer takes no place', async () => {
  const places = new Places(1, 1);
  const leave = await places.take(never);
  const gone = new AbortController();
  const waits = places.take(gone.signal);
  gone.abort(new Error('gone'));
  await expect(waits).rejects.toThrow('gone');
  await expect(places.take(gone.signal)).rejects.toThrow('gone');
  leave!();
  expect(await places.take(never)).toBeTypeOf('function');
});
