import { describe, expect, it } from 'vitest';

const real = Intl.DateTimeFormat;

describe('date formats while our libraries are loaded', () => {
  it('do what they always do, and are as ever afterwards', async () => {
    const { restoreIntl } = await import('./intl-on-demand.js');
    const late = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' });
    expect(Intl.DateTimeFormat).not.toBe(real);
    restoreIntl();
    expect(Intl.DateTimeFormat).toBe(real);
    const usual = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' });
    const instant = new Date('2026-11-24T12:00:00Z');
    expect(late.format(instant)).toBe(usual.format(instant));
    expect(late.resolvedOptions().timeZone).toBe('Europe/Berlin');
  });

  it('are as ever once the kit is loaded', async () => {
    await import('./index.js');
    expect(Intl.DateTimeFormat).toBe(real);
  }, 180_000);
});
