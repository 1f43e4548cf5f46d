// `npm run bench`. Like `npm start` it runs on whatever Node the user has, installs and builds, and goes on with the Node 24 of the project.
import { runInner } from '../scripts/bootstrap/inner-process.mjs';
import { requireNode } from '../scripts/bootstrap/node-version.mjs';
import { prepare } from '../scripts/bootstrap/prepare.mjs';
import { inRoot } from '../scripts/bootstrap/root.mjs';

requireNode(process.versions.node);
const args = process.argv.slice(2);
const asIs = args.includes('--no-build') || args.includes('--help');
const failed = asIs ? 0 : await prepare(console.error);
process.exitCode = failed || await runInner(inRoot('bench', 'src', 'main.ts'), args);
