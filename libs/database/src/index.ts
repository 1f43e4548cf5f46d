export { isUniqueViolation } from './database-failure.js';
export { Database } from './database.js';
export { DatabaseModule } from './database.module.js';
export { forgetOld, inboxTable, takeNew, takeOnce } from './inbox.js';
export { migrateMain, runMigrations } from './migrate.js';
export type { MigrationClass, MigrationInterface, QueryRunner } from './migration.js';
export type { Queryable } from './queryable.js';
export { enqueue, outboxTable, type OutboxMessage } from './outbox.js';
export { OutboxRelay, type Enqueued, type OutboxRelayOptions } from './outbox-relay.js';
