// `npm start`. Runs on whatever Node the user has, with nothing installed: plain JavaScript, node: modules only.
import { requireNode } from './bootstrap/node-version.mjs';

requireNode(process.versions.node);
const { start } = await import('./bootstrap/start.mjs');
process.exitCode = await start(process.argv.slice(2));
