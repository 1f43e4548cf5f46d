import { Runs1764000000001 } from './0001-runs.js';
import { PlacesOfCommands1764000000002 } from './0002-places-of-commands.js';
import { EndsByJobs1764000000003 } from './0003-ends-by-jobs.js';
import { Gates1764000000004 } from './0004-gates.js';
import { Slots1764000000005 } from './0005-slots.js';
import { Triggers1764000000007 } from './0007-triggers.js';
import { History1764000000008 } from './0008-history.js';
import { ForgettingRuns1764000000009 } from './0009-forgetting-runs.js';
import { KeptConfigs1764000000010 } from './0010-kept-configs.js';
import { LinesOfSlots1764000000011 } from './0011-lines-of-slots.js';
import { WaitGaps1764000000012 } from './0012-wait-gaps.js';
import { ConfirmedConfigs1764000000013 } from './0013-confirmed-configs.js';
import { Repeats1764000000014 } from './0014-repeats.js';
import { RepeatedRuns1764000000015 } from './0015-repeated-runs.js';

/** In the order in which they run. */
export const migrations = [
  Runs1764000000001, PlacesOfCommands1764000000002, EndsByJobs1764000000003, Gates1764000000004, Slots1764000000005, Triggers1764000000007,
  History1764000000008, ForgettingRuns1764000000009, KeptConfigs1764000000010, LinesOfSlots1764000000011, WaitGaps1764000000012, ConfirmedConfigs1764000000013,
  Repeats1764000000014, RepeatedRuns1764000000015,
];
