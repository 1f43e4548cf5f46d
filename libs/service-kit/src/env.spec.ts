import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBoolean, readInteger, readOptionalSecret, readSecret, readText } from './env.js';
import { ConfigFault } from './errors.js';

describe('reading the environment', () => {
  it('takes an empty text for unset', () => {
    expect(readText({ A: ' ' }, 'A', 'default')).toBe('default');
    expect(() => readText({ A: '' }, 'A')).toThrow(new ConfigFault(['A is not set']));
  });

  it.each(['70000', '-1', '1.5', '8080x', '0x10', '1e3'])('refuses %s as a port, never silently the default', (text) => {
    expect(() => readInteger({ PORT: text }, 'PORT', 8080, { min: 0, max: 65_535 })).toThrow(`PORT is "${text}": expected a whole number from 0 to 65535`);
  });

  it('reads numbers and switches', () => {
    expect(readInteger({ PORT: '0' }, 'PORT', 8080, { min: 0, max: 65_535 })).toBe(0);
    expect(readInteger({}, 'PORT', 8080, { min: 0, max: 65_535 })).toBe(8080);
    expect([readBoolean({ A: 'Yes' }, 'A', false), readBoolean({ A: '0' }, 'A', true), readBoolean({}, 'A', true)]).toEqual([true, false, true]);
    expect(() => readBoolean({ A: 'maybe' }, 'A', true)).toThrow('A is "maybe"');
  });

  it('reads a secret from the file that NAME_FILE names, without its last line break', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'env-')), 'secret');
    writeFileSync(file, 'from a file\n');
    expect(readSecret({ TOKEN_FILE: file, TOKEN: 'other' }, 'TOKEN').reveal()).toBe('from a file');
    expect(readSecret({ TOKEN: 'plain' }, 'TOKEN').reveal()).toBe('plain');
    expect(readOptionalSecret({}, 'TOKEN')).toBeUndefined();
    expect(() => readSecret({}, 'TOKEN')).toThrow('TOKEN is not set (nor TOKEN_FILE)');
    expect(() => readSecret({ TOKEN_FILE: '/nowhere' }, 'TOKEN')).toThrow('TOKEN_FILE: cannot read /nowhere (ENOENT)');
  });
});
