import { expect, it } from 'vitest';
import { HeardTime } from './heard-time.js';

const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1, 12) + minutes * 60_000);

it('the time that was heard goes up to where everything is settled', () => {
  const heard = new HeardTime();
  expect(heard.look(at(-300), at(0))).toEqual(at(-300));
  expect(heard.look(at(-20), at(1))).toEqual(at(-20));
  expect(heard.look(at(2), at(2))).toEqual(at(2));
});

it('one event that nobody can handle stops the time for ten minutes, no longer', () => {
  const heard = new HeardTime();
  heard.look(at(-1), at(0));
  expect(heard.look(at(-1), at(9))).toEqual(at(-1));
  expect(heard.look(at(-1), at(11))).toEqual(at(11));
  expect(heard.look(at(10), at(12))).toEqual(at(10));
});

it('while the broker is away the time stands still, however long', () => {
  const heard = new HeardTime();
  heard.look(at(-1), at(0));
  for (const minutes of [30, 60, 300]) expect(heard.look(undefined, at(minutes))).toEqual(at(-1));
  expect(heard.look(at(-1), at(301))).toEqual(at(-1));
});
