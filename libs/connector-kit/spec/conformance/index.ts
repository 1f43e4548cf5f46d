export { actionCall, type CallOptions } from './action-call.js';
export { describeConformance } from './conformance.js';
export type { Platform, Subject } from './subject.js';
