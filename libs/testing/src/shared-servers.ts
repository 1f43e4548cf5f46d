import { createDatabaseIn } from './test-postgres.js';
import { SHARED, sharedUrl } from './testing.config.js';

/** URL of a fresh, empty database in the run's shared Postgres. */
export const testDatabaseUrl = (): Promise<string> => createDatabaseIn(sharedUrl(SHARED.database));

/** URL of the run's shared nats-server. Spec files run at once: whoever declares our streams starts a server of their own (`startTestNats`). */
export const testNats = (): string => sharedUrl(SHARED.nats);
