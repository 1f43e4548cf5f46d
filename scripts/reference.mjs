// `npm run reference`: writes docs/reference/flow-language.md and the JSON Schemas anew out of the schemas in libs/flows.
import { requireNode } from './bootstrap/node-version.mjs';

requireNode(process.versions.node);
const { runInner } = await import('./bootstrap/inner-process.mjs');
const { prepare } = await import('./bootstrap/prepare.mjs');
const { inRoot } = await import('./bootstrap/root.mjs');
process.exitCode = await prepare() || await runInner(inRoot('scripts', 'reference', 'main.ts'), []);
