import { isAddress, pathOfAddress } from '../shared/field-faults.js';

/** As the connector takes it: an owner and a name. */
export const repositoryFault = (text: string): string | undefined => {
  const path = isAddress(text) ? pathOfAddress(text).split('/').slice(0, 2).join('/') : text.replace(/^\/+|\/+$|\.git$/g, '');
  const isOne = /^[\w.-]+\/[\w.-]+$/.test(path);
  if (path === text && isOne) return undefined;
  return `"${text}" is no repository: expected ${isOne ? `"${path}"` : 'owner/name'}`;
};

/** https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event: the id, or the name of the file. */
export const workflowFault = (text: string): string | undefined => {
  if (/^\d+$/.test(text) || /^[^/]+\.ya?ml$/i.test(text)) return undefined;
  return `"${text}" is no file of a workflow: expected ${/\.ya?ml$/i.test(text) ? `"${text.slice(text.lastIndexOf('/') + 1)}"` : 'its file name, such as deploy.yml, or its id'}`;
};
