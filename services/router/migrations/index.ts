import { Runs1764000000001 } from './0001-runs.js';

/** In the order in which they run. */
export const migrations = [Runs1764000000001];
