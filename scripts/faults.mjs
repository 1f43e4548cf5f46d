// `npm run faults`: installs and builds what is needed, then runs the fault suite.
import { requireNode } from './bootstrap/node-version.mjs';

requireNode(process.versions.node);
const { suite } = await import('./bootstrap/suite.mjs');
process.exitCode = await suite('e2e/faults/main.ts', process.argv.slice(2));
