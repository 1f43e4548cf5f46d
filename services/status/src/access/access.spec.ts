import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Access, openDoorFault } from './access.js';
import { mayAct } from './caller.js';
import { crossSiteFault } from './cross-site.js';
import { fitLabels, labelsText, readFlowLabels } from './flow-labels.js';
import { isOwnHost } from './hosts.js';
import { parseTokens, Tokens } from './tokens.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = join(tmpdir(), `stellwerk-tokens-${process.pid}.yaml`);

afterEach(() => rmSync(file, { force: true }));

describe('tokens', () => {
  it('find who holds one, and nobody for another', () => {
    writeFileSync(file, `- { name: alice, sha256: ${sha256('secret')}, role: operator, teams: [shop] }\n`);
    const access = new Access(new Tokens(file, () => undefined));
    expect(access.callerOf('Bearer secret')).toEqual({ name: 'alice', role: 'operator', teams: ['shop'] });
    expect(access.callerOf('Bearer wrong')).toBeUndefined();
    expect(access.callerOf(undefined)).toBeUndefined();
    expect(access.callerOf(`Bearer ${sha256('secret')}`)).toBeUndefined();
  });
  it('are read from JSON too, under `tokens` too, with `sha-256` too', () => {
    expect(parseTokens(JSON.stringify({ tokens: [{ name: 'a', 'sha-256': sha256('x'), role: 'viewer' }] }))).toHaveLength(1);
  });
  it.each([
    ['[]', 'at least one token'],
    ['- { name: a, sha256: short, role: viewer }', 'token 1: sha256 must be'],
    [`- { name: a, sha256: ${sha256('x')}, role: boss }`, 'token 1: role must be one of'],
    [`- { name: a, sha256: ${sha256('x')}, role: admin, label: { team: shop } }`, 'token 1: label is not known; expected name, sha256, role, teams, labels'],
    ...['', '{}', '[]', '[team]', 'shop', '{ team: }', '{ team: [] }', '{ team: { of: shop } }'].map((labels) =>
      [`- { name: a, sha256: ${sha256('x')}, role: admin, labels: ${labels} }`, 'token 1: labels must be names with a text or a list of texts'] as [string, string]),
  ])('of %s are refused', (text, reason) => expect(() => parseTokens(text)).toThrow(reason));
  it('may have keys of their owner, as a comment', () => {
    expect(parseTokens(`- { name: a, sha256: ${sha256('x')}, role: viewer, comment: of the dashboard }`)).toHaveLength(1);
  });
  it('may name the labels of the flows that they are for', () => {
    writeFileSync(file, `- { name: sam, sha256: ${sha256('secret')}, role: operator, labels: { team: [shop, billing], tier: 1 } }\n`);
    expect(new Access(new Tokens(file, () => undefined)).callerOf('Bearer secret')?.labels).toEqual({ team: ['shop', 'billing'], tier: ['1'] });
  });
  it('that are broken by a change leave the last good list in force, and that is said', () => {
    writeFileSync(file, `- { name: alice, sha256: ${sha256('secret')}, role: viewer }\n`);
    const faults: string[] = [];
    const tokens = new Tokens(file, (reason) => faults.push(reason));
    writeFileSync(file, 'broken: [');
    vi.useFakeTimers({ now: Date.now() + 60_000 });
    expect(tokens.find('secret')?.name).toBe('alice');
    vi.useRealTimers();
    expect(faults).toHaveLength(1);
  });
  it('of a missing file stop the start, naming variable and file', () => {
    expect(() => new Tokens('/nowhere.yaml', () => undefined)).toThrow(/STELLWERK_TOKENS_FILE \/nowhere.yaml/);
  });
});

describe('labels of a token', () => {
  const wanted = readFlowLabels({ team: ['shop', 'billing'], tier: 1 });
  it.each([
    [{ team: 'shop', tier: '1' }, true], [{ team: 'billing', tier: '1', more: 'x' }, true], [{ team: 'shop' }, false], [{ team: 'pay', tier: '1' }, false],
    [{ team: 'shop,billing', tier: '1' }, false], [{}, false],
  ] as [Record<string, string>, boolean][])('fit a flow with %o: %s', (labels, fits) => expect(fitLabels(wanted, labels)).toBe(fits));
  it('fit no flow by what every object has', () => expect(fitLabels({ constructor: [String(Object)] }, {})).toBe(false));
  it('are said in words', () => expect(labelsText(wanted)).toBe('team: shop or billing, tier: 1'));
});

describe('an open door', () => {
  it('is for loopback only', () => {
    expect(openDoorFault('127.0.0.1')).toBeUndefined();
    expect(openDoorFault('::1')).toBeUndefined();
    expect(openDoorFault('0.0.0.0')).toMatch(/STELLWERK_TOKENS_FILE is not set/);
  });
  it.each(['127.0.0.1:8081', 'localhost:9', '[::1]:8081', 'localhost', 'stellwerk.local'])('answers to %s', (host) =>
    expect(isOwnHost(host, 'http://stellwerk.local:8081')).toBe(true));
  it.each(['evil.example', '127.0.0.1.evil.example:8081', 'localhost.evil.example', undefined])('does not answer to %s', (host) =>
    expect(isOwnHost(host, 'http://127.0.0.1:8081')).toBe(false));
});

describe('a request that another site may have caused', () => {
  it.each([
    { 'content-type': 'text/plain', origin: 'https://evil.example' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { origin: 'https://evil.example' },
  ])('is refused: %o', (headers) => expect(crossSiteFault('POST', headers)).toMatch(/application\/json/));
  it.each([{ 'content-type': 'application/json; charset=utf-8', origin: 'http://127.0.0.1:8081' }, { authorization: 'Bearer x' }, {}])(
    'is told from one that it cannot cause: %o', (headers) => expect(crossSiteFault('POST', headers)).toBeUndefined());
  it('may read: what it reads it does not get to see', () => expect(crossSiteFault('GET', { origin: 'https://evil.example' })).toBeUndefined());
});

describe('roles', () => {
  it('may do what the ones before may', () => {
    const caller = (role: 'viewer' | 'operator' | 'admin') => ({ name: 'x', role, teams: [] });
    expect([mayAct(caller('viewer'), 'operator'), mayAct(caller('operator'), 'operator'), mayAct(caller('admin'), 'operator')])
      .toEqual([false, true, true]);
  });
});
