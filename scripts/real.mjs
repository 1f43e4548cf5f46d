// `npm run test:real`: installs what is needed, then tries connectors against real platforms that a registry has.
import { requireNode } from './bootstrap/node-version.mjs';

requireNode(process.versions.node);
const { suite } = await import('./bootstrap/suite.mjs');
process.exitCode = await suite('scripts/real/main.ts', process.argv.slice(2));
