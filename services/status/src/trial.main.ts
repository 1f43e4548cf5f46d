import { parentPort, workerData } from 'node:worker_threads';
import { runThread } from './trials/run-thread.js';
import type { TrialOrder } from './trials/thread-messages.js';

// The thread of one trial.
void runThread(parentPort!, workerData as TrialOrder);
