// Decorators of the message classes read types through it; whoever imports contracts need not know.
import 'reflect-metadata';
export * from './action-schema.js';
export * from './cloud-event.js';
export * from './consumers.js';
export * from './event-fields.js';
export * from './event-types.js';
export * from './hook-headers.js';
export * from './ids.js';
export * from './messages/command.message.js';
export * from './messages/explanation.message.js';
export * from './messages/platform-event.message.js';
export * from './messages/run.message.js';
export * from './messages/trigger.message.js';
export * from './platforms.js';
export * from './requests.js';
export * from './streams.js';
export * from './subjects.js';
