import { describe, expect, it } from 'vitest';
import { compareSemver, Semver } from './semver.js';

describe('versions', () => {
  it('are ordered as semver.org says', () => {
    const ordered = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1', '1.2', '2', '10.0.0'];
    const mixed = [...ordered].sort().map((text) => new Semver(text));
    expect(mixed.sort(compareSemver).map(String)).toEqual(ordered);
  });

  it.each([['1.2.3', 'v1.2.3'], ['1.2.3', '1.2.3+build.7'], ['1', '1.0.0']])('%s equals %s', (a, b) => {
    expect(compareSemver(new Semver(a), new Semver(b))).toBe(0);
  });

  it.each(['', 'main', '1.2.3.4', '1.x', '-1.0.0', '1.2.3-'])('%j is none', (text) => {
    expect(() => new Semver(text)).toThrow('is no version');
  });
});
