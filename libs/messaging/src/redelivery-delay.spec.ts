import { describe, expect, it } from 'vitest';
import { redeliveryDelay } from './redelivery-delay.js';

const always = (value: number) => (): number => value;

describe('the delay before a redelivery', () => {
  it('is short at first, so that an outage of seconds costs seconds', () => {
    expect(redeliveryDelay(1, 0, always(1))).toBe(1_000);
    expect(redeliveryDelay(2, 0, always(1))).toBe(2_000);
  });

  it('is never nothing: a plain nak comes back at once, for ever', () => {
    expect(redeliveryDelay(1, 0, always(0))).toBe(200);
    expect(redeliveryDelay(20, 0, always(0))).toBe(200);
  });

  it('grows with the deliveries, up to 5 min', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20].map((deliveries) => redeliveryDelay(deliveries, 0, always(1)));
    expect(ceilings).toEqual([...ceilings].sort((a, b) => a - b));
    expect(ceilings.at(-1)).toBe(300_000);
  });

  it.each([0, 0.5, 1])('is at least what the platform asked for (random %d)', (random) => {
    for (const deliveries of [1, 5, 20]) expect(redeliveryDelay(deliveries, 600_000, always(random))).toBeGreaterThan(600_000);
  });
});
