export { freePort } from '@stellwerk/local-servers';
export * from './run-histories.js';
export * from './shared-servers.js';
export * from './temp-dir.js';
export * from './test-nats.js';
export * from './test-postgres.js';
export * from './wait-for.js';
