import { isAddress, pathOfAddress } from '../shared/field-faults.js';

/** A numeric id, or groups and the project: nothing is at the root of an instance. */
export const projectFault = (text: string): string | undefined => {
  const path = isAddress(text) ? pathOfAddress(text).split('/-/')[0]! : text.replace(/^\/+|\/+$|\.git$/g, '');
  const isOne = /^\d+$/.test(path) || /^[^/\s]+(\/[^/\s]+)+$/.test(path);
  return path === text && isOne ? undefined : `"${text}" is no project: expected ${isOne ? `"${path}"` : 'group/project, or its numeric id'}`;
};
