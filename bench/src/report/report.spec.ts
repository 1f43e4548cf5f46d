import { describe, expect, it } from 'vitest';
import type { Environment } from './environment.ts';
import { atLeast, below, Findings, ownCost } from './figures.ts';
import { markdown } from './markdown.ts';
import { completed, parseResults, withTables, type Results } from './write-results.ts';

const where = (busyBefore: number): Environment => ({
  date: '2026-11-24T12:00:00.000Z', processor: 'EPYC', processors: 2, memoryGigabytes: 24, kernel: '6.18', node: 'v24', nats: 'v2.15.1', postgres: '18.4', commit: 'abc1234', busyBefore,
});

const findings = (): Findings => {
  const found = new Findings();
  found.figure({ section: 'accept', what: 'webhooks accepted', value: 1_500, unit: '/s', floor: 3_000, target: atLeast(0.5, 0.7, '≥ 0.7 of the floor') });
  found.figure({ section: 'accept', what: 'answer, p99', value: 12.345, unit: 'ms', target: below(12.345, 50, '< 50 ms') });
  found.figure({ section: 'latency', what: 'at 200/s', value: Number.NaN, unit: 'ms', target: below(Number.NaN, 250), note: 'more than is sustained' });
  found.cost('accept', 'a webhook', { ingress: 0.4, nats: 0.2, driver: 0.1, platform: 0.1 });
  return found;
};

describe('the report', () => {
  const text = markdown(findings(), where(0.01), 14.6);

  it('shows the ratio to the floor before absolutes, and whether the target was reached', () => {
    expect(text).toContain('| webhooks accepted | 0.50 | 1500 /s | 3000 /s | ≥ 0.7 of the floor | **not reached** |');
    expect(text).toContain('| answer, p99 |  | 12.3 ms |  | < 50 ms | reached |');
    expect(text).toContain('1 of 3 targets reached.');
  });

  it('says why there is no figure', () => {
    expect(text).toContain('| at 200/s |  | more than is sustained |  | < 250 | **not reached** (more than is sustained) |');
  });

  it('leaves driver and platform out of what a flow costs', () => {
    expect(ownCost({ ingress: 0.4, nats: 0.2, driver: 0.1, platform: 0.1 })).toBeCloseTo(0.6);
    expect(text).toContain('| a webhook | 0.60 | 0.40 | 0.20 | 0.10 | 0.10 |');
  });

  it('names machine, versions and commit, and warns when others used the machine', () => {
    expect(text).toContain('commit abc1234');
    expect(text).toContain('The machine was quiet');
    expect(markdown(findings(), where(0.8), 1)).toContain('Others used the machine (80 % busy');
    expect(markdown(findings(), { ...where(0.01), busyAfter: 0.7 }, 1)).toContain('Others used the machine (70 % busy');
  });
});

describe('a run of some sections', () => {
  const results = (section: string, value: number, commit = 'abc1234'): Results => ({
    environment: { ...where(0), commit }, minutes: 10, costs: [], profiles: [], figures: [{ section, what: section, value, unit: '' }],
  });

  it('completes the one of the same commit, and replaces what it measured again', () => {
    const both = completed(results('sync', 2), { ...results('accept', 1), figures: [...results('accept', 1).figures, ...results('sync', 1).figures] }, ['sync']);
    expect(both.figures.map(({ section, value }) => [section, value])).toEqual([['accept', 1], ['sync', 2]]);
    expect(both.minutes).toBe(20);
  });

  it('keeps what could not be measured, as the file has it', () => {
    const earlier = parseResults(JSON.stringify({ ...results('latency', 1), figures: findings().figures }));
    const both = completed(results('memory', 3), earlier, ['memory']);
    expect(markdown(both, both.environment, both.minutes)).toContain('| at 200/s |  | more than is sustained |');
  });

  it('takes nothing of another commit', () => {
    expect(completed(results('sync', 2), results('accept', 1, 'def5678'), ['sync']).figures).toHaveLength(1);
  });
});

describe('the page with the tables', () => {
  it('gets them in the place of the older ones and keeps the rest', () => {
    const page = 'before\n<!-- bench: written by `npm run bench -- --write` -->\nold\n<!-- bench: end -->\nafter\n';
    const twice = withTables(withTables(page, 'new'), 'newer');
    expect(twice).toContain('newer');
    expect(twice).not.toMatch(/\bold\b|\bnew\b/);
    expect(twice).toMatch(/^before[\s\S]*after\n$/);
  });

  it('must have a place for them', () => {
    expect(() => withTables('a page', 'tables')).toThrow(/has no <!-- bench/);
  });
});
