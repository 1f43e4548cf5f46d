#!/usr/bin/env node
// Committed, as npm links no bin whose file is not there yet. Runs on the user's own Node: installs and builds when the
// command is used before `npm start` was, then runs the real thing on the Node of the project.
import { existsSync } from 'node:fs';
import { requireNode } from '../../scripts/bootstrap/node-version.mjs';
import { inRoot } from '../../scripts/bootstrap/root.mjs';

requireNode(process.versions.node);
const main = inRoot('cli', 'dist', 'main.js');

const prepared = async () => {
  if (existsSync(main)) return 0;
  const { prepare } = await import('../../scripts/bootstrap/prepare.mjs');
  return prepare(console.error); // What the command prints may be read by a program.
};

const failed = await prepared();
if (failed) process.exit(failed);
const { runInner } = await import('../../scripts/bootstrap/inner-process.mjs');
process.exit(await runInner(main, process.argv.slice(2), { cwd: process.cwd() }));
