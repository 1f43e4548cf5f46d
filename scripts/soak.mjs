// `npm run soak`: installs and builds what is needed, then sends webhooks to processes that keep dying.
import { requireNode } from './bootstrap/node-version.mjs';

requireNode(process.versions.node);
const { suite } = await import('./bootstrap/suite.mjs');
process.exitCode = await suite('e2e/faults/soak/main.ts', process.argv.slice(2));
