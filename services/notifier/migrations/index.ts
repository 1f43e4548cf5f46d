import { Deliveries1764000000101 } from './0001-deliveries.js';
import { Order1764000000102 } from './0002-order.js';
import { LivingAndQuiet1764000000103 } from './0003-living-and-quiet.js';
import { KeptConfigs1764000000104 } from './0004-kept-configs.js';
import { Incidents1764000000105 } from './0005-incidents.js';
import { DigestsInPages1764000000107 } from './0007-digests-in-pages.js';
import { ConfirmedConfigs1764000000108 } from './0008-confirmed-configs.js';

/** In the order in which they run. */
export const migrations = [
  Deliveries1764000000101, Order1764000000102, LivingAndQuiet1764000000103, KeptConfigs1764000000104, Incidents1764000000105, DigestsInPages1764000000107, ConfirmedConfigs1764000000108,
];
