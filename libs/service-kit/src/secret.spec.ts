import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLog } from './log.js';
import { Secret } from './secret.js';

describe('a secret', () => {
  const secret = new Secret('hunter2');

  it('is told only to who asks for it by name', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it('is masked wherever it could slip out', () => {
    const shown = [`${secret}`, JSON.stringify({ secret }), inspect(secret), inspect({ deep: { secret } }), String(Object.values(secret)), JSON.stringify({ ...secret })];
    expect(shown.join()).not.toContain('hunter2');
    expect(String(secret)).toBe('***');
  });

  it('does not reach the log, nor does what is named like one', () => {
    const { root } = createLog('router', 'info');
    const lines: string[] = [];
    const stream = (root as unknown as Record<symbol, { write(text: string): void }>)[Object.getOwnPropertySymbols(root).find((s) => s.description === 'pino.stream')!]!;
    stream.write = (text: string) => void lines.push(text);
    root.info({ secret, held: secret, token: 'abc', headers: { authorization: 'Bearer xyz' } }, 'thing.happened');
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', service: 'router', msg: 'thing.happened', held: '***', token: '***' });
    expect(lines[0]).not.toMatch(/hunter2|abc|xyz/);
  });
});
