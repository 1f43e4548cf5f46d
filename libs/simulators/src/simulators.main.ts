import { runSimulators } from './demo/run-simulators.js';
import { simulatorsConfig } from './simulators.config.js';

// All simulators of the demo in one process; a supervisor learns the addresses over IPC, a person reads them.
const { urls, close } = await runSimulators(simulatorsConfig(process.env));
console.log(`simulators are ready: ${JSON.stringify(urls)}`);
process.send?.({ event: 'listening', service: 'simulators', urls });

const stop = (): void => void close().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
// Without this channel nobody would ever stop an orphan.
if (process.send) process.once('disconnect', stop);
