import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';

// The packages have no dependency lists of their own, and an order written twice would drift:
// Nx learns it from the project references that `tsc -b` follows.
export const name = 'tsconfig-references';

/**
 * @param {unknown} _options
 * @param {{ workspaceRoot: string, projects: Record<string, { root: string }> }} context
 */
export const createDependencies = (_options, { workspaceRoot, projects }) => {
  const byRoot = new Map(Object.entries(projects).map(([project, { root }]) => [root, project]));
  return Object.entries(projects).flatMap(([source, { root }]) => referencesOf(workspaceRoot, root).flatMap((path) => {
    const target = byRoot.get(path);
    return target ? [{ source, target, sourceFile: `${root}/tsconfig.json`, type: 'static' }] : [];
  }));
};

/** @param {string} workspaceRoot @param {string} root @returns {string[]} folders below the root */
const referencesOf = (workspaceRoot, root) => {
  if (root === 'dashboard' || root === '.') return [];
  /** @type {{ references?: { path: string }[] }} */
  const { references = [] } = JSON.parse(readFileSync(join(workspaceRoot, root, 'tsconfig.json'), 'utf8'));
  return references.map(({ path }) => normalize(join(root, path)));
};
