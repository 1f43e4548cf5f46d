export { describeConformance } from './conformance.js';
export type { Platform, Subject } from './subject.js';
