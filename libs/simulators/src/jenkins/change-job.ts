import type { Answer } from '../kit/types.js';
import { redirect } from './answers.js';
import { jobPath } from './job.js';
import type { JenkinsService } from './service.js';

/**
 * `doDelete` takes a job or branch with its builds and numbers; `confirmRename?newName=` gives it another name and keeps them. Undefined for
 * any other order. A job of that name made again (by the catalog) begins with number 1.
 */
export const changeJob = (service: JenkinsService, name: string, order: string, newName: string | null): Answer | undefined => {
  const parent = name.slice(0, Math.max(name.lastIndexOf('/'), 0));
  if (order === 'doDelete') {
    service.builds.forgetJob(name);
    takeOut(service, name, parent);
    return redirect(`${service.root()}/${jobPath(parent)}/`);
  }
  if (order !== 'confirmRename' || !newName || !service.catalog[name]) return undefined;
  const renamed = [...(parent ? [parent] : []), newName].join('/');
  service.catalog[renamed] = service.catalog[name];
  delete service.catalog[name];
  service.builds.renameJob(name, renamed);
  return redirect(`${service.root()}/${jobPath(renamed)}/`);
};

const takeOut = ({ catalog }: JenkinsService, name: string, parent: string): void => {
  const branches = catalog[parent]?.branches;
  if (branches) catalog[parent] = { ...catalog[parent], branches: branches.filter((branch) => `${parent}/${encodeURIComponent(branch)}` !== name) };
  else delete catalog[name];
};
