import { Runs1764000000001 } from './0001-runs.js';
import { PlacesOfCommands1764000000002 } from './0002-places-of-commands.js';
import { EndsByJobs1764000000003 } from './0003-ends-by-jobs.js';
import { Gates1764000000004 } from './0004-gates.js';
import { Slots1764000000005 } from './0005-slots.js';
import { Triggers1764000000007 } from './0007-triggers.js';
import { LinesOfSlots1764000000010 } from './0010-lines-of-slots.js';

/** In the order in which they run. */
export const migrations = [
  Runs1764000000001, PlacesOfCommands1764000000002, EndsByJobs1764000000003, Gates1764000000004, Slots1764000000005, Triggers1764000000007,
  LinesOfSlots1764000000010,
];
