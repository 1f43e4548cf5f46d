import { readInteger, type Env } from '@stellwerk/service-kit';
import { TIMING, type Timing } from './timing.js';

const DAY_MS = 86_400_000;

/** The waits an operator may change: how sure a look-up has to be before a command is sent again. */
export const timingFrom = (env: Env): Timing => ({
  ...TIMING,
  lookUp: {
    ...TIMING.lookUp,
    gapMs: readInteger(env, 'LOOKUP_GAP_MILLISECONDS', TIMING.lookUp.gapMs, { min: 100, max: DAY_MS }),
    quietMs: readInteger(env, 'LOOKUP_QUIET_MILLISECONDS', TIMING.lookUp.quietMs, { min: 100, max: DAY_MS }),
    tellAfterMs: readInteger(env, 'UNKNOWN_AFTER_MILLISECONDS', TIMING.lookUp.tellAfterMs, { min: 1_000, max: DAY_MS }),
  },
});

export const connectorTiming = (): Timing => timingFrom(process.env);
