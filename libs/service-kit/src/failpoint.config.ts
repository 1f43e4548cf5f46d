import { ConfigFault } from './errors.js';
import type { Env } from './env.js';

/** The one point at which this process shall die, for the fault suite. Throws ConfigFault in production. */
export function failpointFrom(env: Env): string | undefined {
  const name = env.FAILPOINT;
  if (name && env.NODE_ENV === 'production') throw new ConfigFault(['FAILPOINT is refused when NODE_ENV is production']);
  return name || undefined;
}

export const chosenFailpoint = (): string | undefined => failpointFrom(process.env);
