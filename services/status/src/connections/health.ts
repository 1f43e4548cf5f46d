import type { ConnectionHealthView } from './connection.response.js';

/** What the database knows of one connection. */
export interface Sighting {
  connection: string;
  last_hook_at: Date | null;
  last_event_at: Date | null;
  health: Record<string, unknown> | null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** `breaker` is one state, or one for triggers and one for reads: the worse of the two counts. */
const breakerOf = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null) return textOf(value);
  const states = Object.values(value);
  return textOf(states.find((state) => state === 'open') ?? states.find((state) => state === 'half-open') ?? states[0]);
};

export const healthView = (sighting: Sighting | undefined): ConnectionHealthView => ({
  lastHookAt: sighting?.last_hook_at?.toISOString() ?? null,
  lastEventAt: sighting?.last_event_at?.toISOString() ?? null,
  breaker: breakerOf(sighting?.health?.['breaker']),
  paused: Boolean(sighting?.health?.['paused']),
  reason: textOf(sighting?.health?.['reason']),
});
