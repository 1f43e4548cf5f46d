import { isAddress, pathOfAddress } from '../shared/field-faults.js';

/** Names of folders and of the job, without what addresses have between them. */
export const jobFault = (text: string): string | undefined => {
  const path = isAddress(text) ? pathOfAddress(text) : text;
  const job = /(?:^|\/)job\/.*/.exec(path)?.[0].split('/').filter((part) => part !== '');
  const isOfAddress = job !== undefined && (isAddress(text) || (job.length > 3 && job[0] === 'job' && job[2] === 'job'));
  if (isOfAddress) return `"${text}" is ${isAddress(text) ? 'an address' : 'a part of an address'}: expected the path of the job, "${job.filter((_, at) => at % 2 === 1).join('/')}"`;
  if (isAddress(text)) return `"${text}" is an address: expected the path of the job, folder/job`;
  return text.split('/').some((item) => /^\.+$/.test(item)) ? `"${text}" is no job: expected its path, folder/job` : undefined;
};
