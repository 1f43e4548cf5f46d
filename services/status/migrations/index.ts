import { ReadModel1764000000001 } from './0001-read-model.js';
import { DeadLetters1764000000002 } from './0002-dead-letters.js';
import { GroupedRecording1764000000003 } from './0003-grouped-recording.js';
import { RunsByAge1764000000004 } from './0004-runs-by-age.js';
import { ConnectionChecks1764000000005 } from './0005-connection-checks.js';
import { Approvals1764000000006 } from './0006-approvals.js';
import { RunRequests1764000000008 } from './0008-run-requests.js';
import { FlowRevisions1764000000010 } from './0010-flow-revisions.js';
import { Deployments1764000000011 } from './0011-deployments.js';
import { KeptConfigs1764000000012 } from './0012-kept-configs.js';
import { Pipelines1764000000013 } from './0013-pipelines.js';
import { ConfirmedConfigs1764000000014 } from './0014-confirmed-configs.js';
import { EndedOnPipelines1764000000015 } from './0015-ended-on-pipelines.js';

/** In the order in which they run. */
export const migrations = [
  ReadModel1764000000001, DeadLetters1764000000002, GroupedRecording1764000000003, RunsByAge1764000000004, ConnectionChecks1764000000005,
  Approvals1764000000006, RunRequests1764000000008, FlowRevisions1764000000010, Deployments1764000000011, KeptConfigs1764000000012,
  Pipelines1764000000013, ConfirmedConfigs1764000000014, EndedOnPipelines1764000000015,
];
