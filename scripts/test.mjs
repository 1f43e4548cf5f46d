// `npm test`: everything that proves the project. With file names behind it: only the specs under them.
import { requireNode } from './bootstrap/node-version.mjs';

requireNode(process.versions.node);
const { test } = await import('./bootstrap/test.mjs');
process.exitCode = await test(process.argv.slice(2));
