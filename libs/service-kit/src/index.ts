// Before anything that loads Nest, and the other one after it.
import './intl-on-demand.js';
export * from './backoff.js';
export * from './door.js';
export { DoorServer } from './door-server.js';
export * from './env.js';
export * from './errors.js';
export * from './failpoint.js';
export * from './grouped-work.js';
export * from './in-order.js';
export * from './metrics.js';
export * from './readiness.js';
export * from './secret.js';
export * from './start-service.js';
export type { TransportOptions } from './application.js';
export * from './traces.js';
export * from './turn.js';
export * from './validated.js';
import './intl-as-ever.js';
