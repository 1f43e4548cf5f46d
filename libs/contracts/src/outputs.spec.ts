import { describe, expect, it } from 'vitest';
import { MAX_OUTPUTS_BYTES, readOutputs } from './outputs.js';

const nested = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

describe('outputs', () => {
  it('are plain JSON, as it came', () => {
    const answer = { deployment: 42, url: 'https://x/1', parts: [{ n: 1.5 }, null, true, 'ä'] };
    expect(readOutputs(answer)).toEqual({ outputs: answer });
    expect(readOutputs(answer).outputs).not.toBe(answer);
  });

  it.each([[undefined], [null], ['text'], [7], [[{ a: 1 }]], [{}]])('are none in %j', (answer) => {
    expect(readOutputs(answer)).toEqual({});
  });

  it('hide what is named like a secret, at any depth, and nothing else', () => {
    expect(readOutputs({ access_token: 'a', apiKey: 'b', nested: { 'Set-Cookie': ['c'], Authorization: 'd', db_password: 7, credentials: { user: 'e' } }, token_type: 'bearer', keys: 2, secret: '', has_token: false })).toEqual({
      outputs: { access_token: '***', apiKey: '***', nested: { 'Set-Cookie': '***', Authorization: '***', db_password: '***', credentials: '***' }, token_type: 'bearer', keys: 2, secret: '', has_token: false },
    });
  });

  it('reach no prototype, and hold no text that Postgres refuses', () => {
    const { outputs } = readOutputs(JSON.parse('{ "__proto__": { "admin": true }, "constructor": 1, "a": { "__proto__": 2, "b": "x\\u0000y\\ud800" } }'));
    expect(outputs).toEqual({ a: { b: 'xy\ufffd' } });
    expect(Object.getPrototypeOf(outputs)).toBe(Object.prototype);
  });

  it('are as large as allowed, or left out as a whole with the reason', () => {
    const frame = JSON.stringify({ a: '' }).length;
    expect(readOutputs({ a: 'x'.repeat(MAX_OUTPUTS_BYTES - frame) }).outputs).toBeDefined();
    expect(readOutputs({ a: 'x'.repeat(MAX_OUTPUTS_BYTES - frame + 1) })).toEqual({ leftOut: 'they have 16385 bytes, expected at most 16384' });
    expect(readOutputs({ a: 'ä'.repeat(MAX_OUTPUTS_BYTES / 2) }).leftOut).toMatch(/bytes/);
  });

  it('are no tower, however high it was built', () => {
    expect(readOutputs(nested(20)).outputs).toBeDefined();
    expect(readOutputs(nested(5_000)).leftOut).toMatch(/deeper than 20/);
  });

  it.each([['{ "id": 12345678901234567890 }'], ['{ "n": 1e400 }']])('are left out rather than changed by reading: %s', (text) => {
    expect(readOutputs(JSON.parse(text)).leftOut).toMatch(/not kept exactly: give it as a text/);
  });
});
