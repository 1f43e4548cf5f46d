import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PLATFORM_EVENT_TYPES, PlatformEvent, type Platform } from '@stellwerk/contracts';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import 'reflect-metadata';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { HookContext, Translation } from './hook-platform.js';
import { hookPlatforms } from './hook-platforms.js';

type Path = readonly (string | number)[];

interface Sample {
  name: string;
  headers: Record<string, string>;
  body: object;
  places: Path[];
}

/** Where a body may be changed: near its root, where translators read; addresses of other resources are read by none. */
const placesIn = (value: unknown, path: Path = []): Path[] => {
  if (typeof value !== 'object' || value === null || path.length === 4) return [];
  const inner = Object.entries(value).filter(([key]) => !/_url$|^(avatar|gravatar|node)_id$/.test(key)).slice(0, 60);
  return inner.flatMap(([key, item]) => [[...path, key], ...placesIn(item, [...path, key])]);
};

const sampleOf = (name: string, headers: Record<string, string>, body: object): Sample => ({ name, headers, body, places: placesIn(body) });

const goldenIn = (folder: string): Sample[] => {
  const where = new URL(`${folder}/`, import.meta.url);
  return readdirSync(where).filter((name) => name.endsWith('.hook.json')).map((name) => {
    const { headers, body } = JSON.parse(readFileSync(new URL(name, where), 'utf8')) as { headers: Record<string, string>; body: object };
    return sampleOf(name, headers, body);
  });
};

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json') as { name: string; examples: object[] }[];
const SAMPLES: Partial<Record<Platform, Sample[]>> = {
  github: [...examples.flatMap(({ name, examples: all }) => all.map((body) => sampleOf(name, { 'x-github-event': name }, body))), ...goldenIn('github/golden')],
  gitlab: [...goldenIn('gitlab/golden'), ...goldenIn('gitlab/golden/go-gitlab')],
  jenkins: goldenIn('jenkins/golden'),
  webhook: goldenIn('webhook/golden'),
};

const nested = (depth: number, inside: string): string => `${'{"a":['.repeat(depth)}${inside}${']}'.repeat(depth)}`;

/** JSON to put in the place of what was there; `undefined` takes it out. Kept as text, so that `__proto__` arrives as senders can send it. */
const odd = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(undefined, 'null') },
  { weight: 3, arbitrary: fc.constantFrom('true', '0', '-1', '1e21', '9007199254740993', '1.5', '""', '" "', '[]', '{}', '[null]', '[[]]', '"0000000000000000000000000000000000000000"') },
  { weight: 3, arbitrary: fc.constantFrom('"\\u0000"', '"a\\ud800b"', '"\\u202e../../etc"', '"a/b/c"', '"a\\nb"', '"👩‍👩‍👧"', '"javascript:alert(1)"', '"__proto__"', '"constructor"', '"toString"') },
  { weight: 2, arbitrary: fc.constantFrom('"2026-13-45T99:99:99Z"', '"0000-00-00"', '"+275760-09-13T00:00:00Z"', '"2026-11-24 08:00:00 +9999"', '-8640000000000001', '"refs/heads/"', '"refs/tags/\\u0000"') },
  { weight: 2, arbitrary: fc.constantFrom('{"__proto__":{"polluted":true},"id":1}', '{"constructor":{"prototype":{"polluted":true}}}', '{"length":99}', '{"toString":1,"valueOf":null}', nested(2_000, '1')) },
  { weight: 1, arbitrary: fc.constantFrom(JSON.stringify('x'.repeat(70_000)), JSON.stringify('/'.repeat(70_000)), JSON.stringify(Array.from({ length: 9_000 }, (_, n) => `p${n}`)), JSON.stringify('a '.repeat(40_000))) },
  { weight: 2, arbitrary: fc.json() },
);
const changes = fc.array(fc.record({ at: fc.nat(), to: odd }), { minLength: 1, maxLength: 5 });

const HOLE = '\u{10FFFD}hole';
/** The sample's body with some places changed, as it comes out of the parser. */
const changed = ({ body, places }: Sample, list: readonly { at: number; to: string | undefined }[]): unknown => {
  const copy = structuredClone(body) as Record<string, unknown>;
  const put: string[] = [];
  for (const { at, to } of list) {
    const path = places[at % places.length];
    if (!path) continue;
    const parent = path.slice(0, -1).reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], copy);
    if (typeof parent !== 'object' || parent === null) continue;
    if (to === undefined) delete (parent as Record<string, unknown>)[path.at(-1)!];
    else (parent as Record<string, unknown>)[path.at(-1)!] = `${HOLE}${put.push(to) - 1}.`;
  }
  return JSON.parse(JSON.stringify(copy).replace(new RegExp(`"${HOLE}(\\d+)\\."`, 'g'), (_, index: string) => put[Number(index)]!));
};

const contextOf = (platform: Platform, headers: Record<string, string>): HookContext => ({
  connection: 'one', platform, origin: 'https://ci.example.com', hookId: 'one:1', receivedAt: new Date('2026-11-24T08:00:00Z'), headers,
});

/** Names and texts; a branch may be called `__proto__`, a name may not. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key === '__proto__' ? '\u0000' : key, ...textsIn(item)]);
};

/** An event must fit a message of the broker beside its envelope. */
const MOST_BYTES = 900 * 1_024;
/** Far more than a translation takes on a busy machine; one that hangs takes for ever. */
const MOST_MS = 2_000;

const expectSound = ({ events, ignored }: Translation): void => {
  expect(events.length > 0).toBe(ignored === undefined);
  for (const { id, type, subject, fact, data } of events) {
    expect(PLATFORM_EVENT_TYPES).toContain(type);
    for (const text of [id, subject, fact]) expect(text).toMatch(/\S/);
    expect(validateSync(plainToInstance(PlatformEvent, data), { forbidUnknownValues: true, whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(MOST_BYTES);
    for (const text of textsIn({ id, subject, fact, data })) expect(text.isWellFormed() && !text.includes('\u0000') ? '' : JSON.stringify(text.slice(0, 80))).toBe('');
  }
};

describe.each([['github', 1_500], ['gitlab', 1_000], ['jenkins', 500], ['webhook', 300]] as const)('hooks of %s with anything in any place', (platform, numRuns) => {
  const samples = SAMPLES[platform]!;
  const { translate } = hookPlatforms[platform]!;

  it('are told in the shape of events or ignored with a reason; nothing is thrown and nothing hangs', () => {
    fc.assert(fc.property(fc.nat(), changes, (which, list) => {
      const sample = samples[which % samples.length]!;
      const body = changed(sample, list);
      const since = performance.now();
      expectSound(translate(body, contextOf(platform, sample.headers)));
      expect(performance.now() - since).toBeLessThan(MOST_MS);
    }), { numRuns });
  }, 60_000);

  it('are told the same where each place in turn is null or gone', () => {
    for (const sample of samples.slice(-6)) {
      for (const [at] of sample.places.slice(0, 60).entries()) {
        for (const to of [undefined, 'null']) expectSound(translate(changed(sample, [{ at, to }]), contextOf(platform, sample.headers)));
      }
    }
  }, 60_000);

  it('may be nested a hundred thousand deep', () => {
    for (const inside of ['1', '"x"']) {
      const deep = JSON.parse(nested(50_000, inside)) as object;
      for (const sample of samples.slice(-5)) expectSound(translate({ ...sample.body, ...deep }, contextOf(platform, sample.headers)));
    }
  });

  it.each([{}, { 'x-github-event': '__proto__' }, { 'x-github-event': 'constructor' }, { 'x-github-event': '' }, { 'x-github-event': 'workflow_run\u0000' }])('whose headers are %j are no other matter', (headers) => {
    for (const { body } of samples.slice(-20)) expectSound(translate(body, contextOf(platform, headers as Record<string, string>)));
  });

  afterAll(() => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe.each(['github', 'gitlab', 'jenkins', 'webhook'] as const)('requests to %s with anything in any header', (platform) => {
  const { verify, deliveryId } = hookPlatforms[platform]!;
  const NAMES = ['x-hub-signature-256', 'x-github-delivery', 'x-gitlab-token', 'idempotency-key', 'webhook-id', 'webhook-timestamp', 'webhook-signature', '__proto__'];
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('', 'sha256=', `sha256=${'0'.repeat(64)}`, 'v1,', `v1,${'A'.repeat(43)}=`, 'v1,A '.repeat(5_000), '1795507200', 'NaN', '-1', '9'.repeat(400)));
  const headers = fc.dictionary(fc.constantFrom(...NAMES), text);

  it('are refused without a throw, and named by a text that may be an id', () => {
    fc.assert(fc.property(headers, fc.dictionary(fc.constantFrom('token', '__proto__'), text), fc.uint8Array(), fc.array(text), (found, query, bytes, secrets) => {
      const request = { headers: found, query, body: Buffer.from(bytes) };
      const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
      expect(verify(request, { secrets: [key], tokens: [] }, new Date())).toBe(false);
      expect(typeof verify(request, { secrets: [...secrets], tokens: [...secrets] }, new Date())).toBe('boolean');
      expect(deliveryId(request)).toMatch(/^[\x21-\x7e]{1,200}$/);
    }), { numRuns: 300 });
  });
});
