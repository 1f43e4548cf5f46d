import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `dashboard/dist` of the repository that this file lies in, whether it runs from source or built. */
export const findDashboard = (from: string = import.meta.dirname): string => {
  const candidate = join(from, 'dashboard', 'dist');
  if (existsSync(join(from, 'dashboard', 'package.json'))) return candidate;
  const parent = dirname(from);
  return parent === from ? candidate : findDashboard(parent);
};
