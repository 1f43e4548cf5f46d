import { describe, expect, it } from 'vitest';
import { block, fields, table } from './table.js';

describe('a table', () => {
  it('has its columns under each other', () =>
    expect(table([['ID', 'WHY'], ['a-long-id', 'x'], ['b', 'yy']])).toEqual(['ID         WHY', 'a-long-id  x', 'b          yy']));
  it('lets nothing from outside break a line or steer the terminal', () => {
    expect(table([['\u001b[31mred', 'a\nb\u0007']])).toEqual([' [31mred  a b']);
    expect(block('one\r\ntwo\u001b]0;x')).toEqual(['  one', '  two ]0;x']);
  });
  it('leaves out what is not known', () => expect(fields({ id: 'x', note: null, count: 0, gone: undefined })).toEqual(['id     x', 'count  0']));
});
