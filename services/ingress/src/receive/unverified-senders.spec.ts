import { Logger } from '@nestjs/common';
import { Metrics } from '@stellwerk/service-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { IngressConfig } from '../ingress.config.js';
import { IngressMetrics } from '../ingress.metrics.js';
import { UnverifiedSenders } from './unverified-senders.js';

Logger.overrideLogger(false);

const START = Date.UTC(2026, 10, 24);
let metrics: Metrics;
let senders: UnverifiedSenders;

beforeEach(() => {
  metrics = new Metrics();
  senders = new UnverifiedSenders(new IngressConfig({ UNVERIFIED_PER_MINUTE: '60' }), new IngressMetrics(metrics));
});

const failures = (address: string, count: number, now: number): (number | undefined)[] => Array.from({ length: count }, () => senders.failed(address, now));

describe('senders without a signature that fits', () => {
  it('may try so many times, then have to wait; others are not concerned', () => {
    expect(failures('198.51.100.1', 60, START).filter((wait) => wait !== undefined)).toEqual([]);
    expect(failures('198.51.100.1', 3, START)).toEqual([1, 1, 1]);
    expect(senders.failed('198.51.100.2', START)).toBeUndefined();
  });

  it('may try again as time goes by, and never more than the allowance at once', () => {
    failures('198.51.100.1', 100, START);
    expect(failures('198.51.100.1', 6, START + 5_000).map((wait) => wait === undefined)).toEqual([true, true, true, true, true, false]);
    expect(failures('198.51.100.1', 61, START + 3_600_000).filter((wait) => wait === undefined)).toHaveLength(60);
  });

  it('are counted once for each time they go over', async () => {
    failures('198.51.100.1', 100, START);
    failures('198.51.100.2', 100, START);
    failures('198.51.100.1', 100, START + 3_600_000);
    expect(await metrics.registry.getSingleMetricAsString('stellwerk_ingress_limited_senders_total')).toContain('senders_total 3');
  });

  it('are forgotten, the longest quiet first, before there are too many of them', () => {
    failures('198.51.100.1', 61, START);
    for (let invented = 0; invented < 10_000; invented += 1) senders.failed(`2001:db8::${invented.toString(16)}`, START);
    expect(senders.failed('198.51.100.1', START)).toBeUndefined();
  });
});
