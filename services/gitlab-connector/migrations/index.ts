import type { MigrationClass } from '@stellwerk/database';
import { Dispatches1764000000001 } from './0001-dispatches.js';
import { Indexes1764000000002 } from './0002-indexes.js';
import { Sweeps1764000000003 } from './0003-sweeps.js';
import { Outputs1764000000004 } from './0004-outputs.js';
import { KeptConfigs1764000000005 } from './0005-kept-configs.js';
import { ConfirmedConfigs1764000000006 } from './0006-confirmed-configs.js';

/** In the order they are run. */
export const migrations: readonly MigrationClass[] = [Dispatches1764000000001, Indexes1764000000002, Sweeps1764000000003, Outputs1764000000004, KeptConfigs1764000000005, ConfirmedConfigs1764000000006];
