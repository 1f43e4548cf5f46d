import { ConfigFault, readInteger, type Env } from '@stellwerk/service-kit';
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

/** Where platforms reach ingress, without a slash at the end: `https://ci.example.com/hooks`. Undefined: not said. @throws ConfigFault */
export const publicHooksUrlFrom = (env: Env): string | undefined => {
  const text = env['PUBLIC_HOOKS_URL'];
  if (!text) return undefined;
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new ConfigFault([`PUBLIC_HOOKS_URL is "${text}": expected the address under which platforms reach ingress, such as https://ci.example.com/hooks`]);
  }
  return text.replace(/\/+$/, '');
};

export const publicHooksUrl = (): string | undefined => publicHooksUrlFrom(process.env);
