import { testDatabaseUrl, waitFor } from '@stellwerk/testing';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS, routerDatabase } from '../spec/database-rig.js';
import { runMigrations } from './index.js';

describe('a service and its schema', () => {
  it('is not ready on an older schema, and says which migration is missing', async () => {
    class AddMore1764000000002 { async up(): Promise<void> {} async down(): Promise<void> {} }
    const newer = routerDatabase(await testDatabaseUrl(), [AddMore1764000000002]);
    newer.start();
    try {
      await waitFor(() => newer.check().then(() => false, (error: Error) => /AddMore1764000000002 not run yet/.test(error.message)), { what: 'the reason' });
      expect(() => newer.checkSchema()).toThrow('not run yet');
    } finally {
      await newer.close();
    }
  });

  it('is ready on a newer schema: the version before goes on while the next one is rolled out', async () => {
    const url = await testDatabaseUrl();
    await runMigrations('router', MIGRATIONS, url);
    const older = routerDatabase(url, []);
    older.start();
    try {
      await waitFor(() => older.check().then(() => true), { what: 'readiness' });
      expect(() => older.checkSchema()).not.toThrow();
    } finally {
      await older.close();
    }
  });
});
