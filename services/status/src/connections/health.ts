import type { ConnectionHealthView } from './connection.response.js';

/** What the database knows of one connection. */
export interface Sighting {
  connection: string;
  last_hook_at: Date | null;
  last_event_at: Date | null;
  health: Record<string, unknown> | null;
}

/** The parts of a connector's `connection.health` that are read here. */
interface ToldHealth {
  state?: unknown;
  breaker?: unknown;
  notBefore?: unknown;
  /** Why it makes no calls. */
  paused?: unknown;
  notes?: unknown;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** `breaker` is one state, or one for triggers and one for reads: the worse of the two counts. */
const breakerOf = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null) return textOf(value);
  const states = Object.values(value);
  return textOf(states.find((state) => state === 'open') ?? states.find((state) => state === 'half-open') ?? states[0]);
};

const notesOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((note) => typeof note === 'string') : []);

export const healthView = (sighting: Sighting | undefined): ConnectionHealthView => {
  const told: ToldHealth = sighting?.health ?? {};
  return {
    state: textOf(told.state),
    lastHookAt: sighting?.last_hook_at?.toISOString() ?? null,
    lastEventAt: sighting?.last_event_at?.toISOString() ?? null,
    breaker: breakerOf(told.breaker),
    paused: Boolean(told.paused),
    reason: textOf(told.paused),
    notBefore: textOf(told.notBefore),
    notes: notesOf(told.notes),
  };
};
