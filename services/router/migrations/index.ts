import { Runs1764000000001 } from './0001-runs.js';
import { PlacesOfCommands1764000000002 } from './0002-places-of-commands.js';

/** In the order in which they run. */
export const migrations = [Runs1764000000001, PlacesOfCommands1764000000002];
