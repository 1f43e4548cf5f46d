export * from './action-catalog.js';
export type * from './hook-platform.js';
