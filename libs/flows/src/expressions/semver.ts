const VERSION = /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** A version as SemVer orders them; a leading `v` and missing minor or patch are taken. */
export class Semver {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;

  /** Throws when the text is no version. */
  constructor(readonly text: string) {
    const match = VERSION.exec(text);
    if (!match) throw new Error(`"${text}" is no version: expected e.g. 1.2.3`);
    [this.major, this.minor, this.patch] = [BigInt(match[1]!), BigInt(match[2] ?? 0), BigInt(match[3] ?? 0)];
    this.prerelease = match[4] ?? '';
  }

  toString(): string {
    return this.text;
  }
}

/** Negative, 0 or positive. Build metadata does not count (semver.org, 10 and 11). */
export const compareSemver = (a: Semver, b: Semver): number =>
  order(a.major, b.major) || order(a.minor, b.minor) || order(a.patch, b.patch) || comparePrerelease(a.prerelease, b.prerelease);

const order = <T extends bigint | string | number>(a: T, b: T): number => (a < b ? -1 : Number(a > b));

const comparePrerelease = (a: string, b: string): number => {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const result = compareIdentifier(left[i]!, right[i]!);
    if (result !== 0) return result;
  }
  return order(left.length, right.length);
};

const compareIdentifier = (a: string, b: string): number => {
  const numeric = [a, b].map((part) => /^\d+$/.test(part));
  if (numeric[0] && numeric[1]) return order(BigInt(a), BigInt(b));
  return numeric[0] === numeric[1] ? order(a, b) : numeric[0] ? -1 : 1;
};
