export * from './demo.js';
export * from './config-dir.js';
export * from './otlp-receiver.js';
export * from './signed-hook.js';
export * from './start-output.js';
export * from './stellwerk.js';
