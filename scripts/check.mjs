// `npm run check`: the gates of `npm test` (types, lint, imports, unused code, repository rules) without the tests.
import { requireNode } from './bootstrap/node-version.mjs';

requireNode(process.versions.node);
const { test } = await import('./bootstrap/test.mjs');
process.exitCode = await test(['--gates']);
