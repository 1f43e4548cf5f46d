import { Cron } from 'croner';

const EXPECTED = 'expected five fields as cron has them, such as "0 16 * * FRI"';
const FIVE_FIELDS = /^\S+( +\S+){4}$/;

const cronIn = (expression: string, timezone: string): Cron => new Cron(expression, { timezone, mode: '5-part' });

/** Why it is no cron expression, or names no time that ever comes; undefined when it is one. */
export const cronFault = (expression: string): string | undefined => {
  if (!FIVE_FIELDS.test(expression.trim())) return `${EXPECTED}, got "${expression}"`;
  try {
    return cronIn(expression, 'UTC').nextRun() === null ? `${EXPECTED}; "${expression}" never comes` : undefined;
  } catch (error) {
    return `${EXPECTED}, got "${expression}": ${(error as Error).message.replace(/^CronPattern: /, '')}`;
  }
};

/** Why it is no time zone; undefined when it is one that this Node knows. */
export const zoneFault = (zone: string): string | undefined => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return undefined;
  } catch {
    return `expected a time zone such as Europe/Berlin, got "${zone}"`;
  }
};

/**
 * The last time at or before `now` that the expression names in the zone. A time that a change of the clock leaves out comes when the clocks
 * have changed; one that it brings twice counts once, the first time. Undefined when there was none.
 */
export const lastTime = (expression: string, zone: string, now: Date): Date | undefined => {
  const cron = cronIn(expression, zone);
  // croner looks before the whole second it is given.
  const [last] = cron.previousRuns(1, new Date(Math.floor(now.getTime() / 1000) * 1000 + 1000));
  return last;
};
