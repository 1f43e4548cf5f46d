import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './check.ts';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.nx', '.stellwerk', 'coverage']);
const READ = /\.(ts|tsx|mjs|json|md|ya?ml)$/;

/** The files the checks look at; `folder` is below the root. */
export const repositoryFiles = (root: string, folder = ''): SourceFile[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : repositoryFiles(root, path);
    return READ.test(entry.name) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : [];
  });
