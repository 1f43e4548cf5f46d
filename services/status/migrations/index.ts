import { ReadModel1764000000001 } from './0001-read-model.js';

/** In the order in which they run. */
export const migrations = [ReadModel1764000000001];
