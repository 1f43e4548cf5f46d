// `npm run build`
import { requireNode } from './bootstrap/node-version.mjs';

requireNode(process.versions.node);
const { prepare } = await import('./bootstrap/prepare.mjs');
process.exitCode = await prepare();
