import { Runs1764000000001 } from './0001-runs.js';
import { PlacesOfCommands1764000000002 } from './0002-places-of-commands.js';
import { EndsByJobs1764000000003 } from './0003-ends-by-jobs.js';
import { Triggers1764000000007 } from './0007-triggers.js';

/** In the order in which they run. */
export const migrations = [Runs1764000000001, PlacesOfCommands1764000000002, EndsByJobs1764000000003, Triggers1764000000007];
