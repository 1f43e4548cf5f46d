import type { MigrationClass } from '@stellwerk/database';
import { CreateSpoolAndBodies1764000000000 } from './create-spool-and-bodies.js';
import { PostponeInSpool1764000000001 } from './postpone-in-spool.js';
import { KeptConfigs1764000000002 } from './keep-configs.js';
import { ConfirmedConfigs1764000000003 } from './confirm-configs.js';

/** In order. */
export const migrations: readonly MigrationClass[] = [CreateSpoolAndBodies1764000000000, PostponeInSpool1764000000001, KeptConfigs1764000000002, ConfirmedConfigs1764000000003];
