import { startTestNats } from './test-nats.js';
import { startTestPostgres } from './test-postgres.js';
import { SHARED, shareUrl } from './testing.config.js';

/** Vitest runs it once for a run that has specs in need of servers; what it returns is the tear-down. */
export default async function sharedServers(): Promise<() => Promise<void>> {
  const [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()]);
  shareUrl(SHARED.nats, nats.url);
  shareUrl(SHARED.database, postgres.url());
  return async () => { await Promise.all([nats.stop(), postgres.stop()]); };
}
