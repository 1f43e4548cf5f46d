import { describe, expect, it } from 'vitest';
import { asTexts, Fields } from './fields.js';
import { bearsMark, withMark } from './mark.js';

describe('the values of a step', () => {
  const fields = new Fields('comment', { text: 'hi', empty: '', number: 7, written: '12', on: 'true', map: { a: 1 }, list: [1], word: 'red' });

  it('are read as what they are, or as the text a template wrote', () => {
    expect([fields.text('text'), fields.text('number'), fields.textOf('empty'), fields.textOf('nothing')]).toEqual(['hi', '7', undefined, undefined]);
    expect([fields.integer('number'), fields.integer('written'), fields.integerOf('nothing')]).toEqual([7, 12, undefined]);
    expect([fields.booleanOf('on'), fields.booleanOf('nothing')]).toEqual([true, undefined]);
    expect([fields.mapOf('map'), fields.listOf('list'), fields.wordOf('word', ['red', 'green'])]).toEqual([{ a: 1 }, [1], 'red']);
  });

  it.each([
    [() => fields.text('empty'), 'comment needs `empty`'],
    [() => fields.text('map'), 'comment: `map` is object, expected a text'],
    [() => fields.integer('text'), 'comment: `text` is string, expected a whole number above 0'],
    [() => fields.integer('nothing'), 'comment needs `nothing`'],
    [() => fields.booleanOf('text'), 'comment: `text` is string, expected true or false'],
    [() => fields.mapOf('list'), 'comment: `list` is a list, expected a map'],
    [() => fields.listOf('map'), 'comment: `map` is object, expected a list'],
    [() => fields.wordOf('text', ['red', 'green']), 'comment: `text` is string, expected one of red, green'],
  ])('of a wrong kind are refused by name', (read, words) => {
    expect(read).toThrow(words);
  });

  it('go out as texts where a platform takes only these', () => {
    expect(asTexts({ a: 'x', b: 1, c: true, d: { e: [1] } })).toEqual({ a: 'x', b: '1', c: 'true', d: '{"e":[1]}' });
  });
});

it('a marked text tells its own command from others', () => {
  const text = withMark('Deployed.', 'r:s:run:1');
  expect(text).toMatch(/^Deployed\.\n\n<!--/);
  expect([bearsMark(text, 'r:s:run:1'), bearsMark(text, 'r:s:run:11'), bearsMark(withMark('', 'r:s:run:10'), 'r:s:run:1'), bearsMark(null, 'x')]).toEqual([true, false, false, false]);
});
