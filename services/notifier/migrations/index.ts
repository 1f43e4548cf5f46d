import { Deliveries1764000000101 } from './0001-deliveries.js';

/** In the order in which they run. */
export const migrations = [Deliveries1764000000101];
