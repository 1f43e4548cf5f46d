import type { MigrationClass } from '@stellwerk/database';
import { Dispatches1796000000001 } from './0001-dispatches.js';
import { Indexes1796000000002 } from './0002-indexes.js';
import { Outputs1796000000003 } from './0003-outputs.js';
import { KeptConfigs1796000000004 } from './0004-kept-configs.js';
import { ConfirmedConfigs1796000000005 } from './0005-confirmed-configs.js';

/** In the order they are run. */
export const migrations: readonly MigrationClass[] = [Dispatches1796000000001, Indexes1796000000002, Outputs1796000000003, KeptConfigs1796000000004, ConfirmedConfigs1796000000005];
