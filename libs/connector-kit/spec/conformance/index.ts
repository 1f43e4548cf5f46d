export { actionCall, type CallOptions } from './action-call.js';
export { describeActions } from './actions.js';
export { describeConformance } from './conformance.js';
export { startRig, TOKEN, type Rig, type SentCommand } from './rig.js';
export { describeSettling } from './settling.js';
export type { ActionCase, Platform, Subject } from './subject.js';
