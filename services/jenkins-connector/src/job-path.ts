import { PermanentError } from '@stellwerk/service-kit';

/**
 * The full name of a job, `folder/job`; a multibranch job names the item of a branch by its encoded name: `shop/app` and `feature/x` give
 * `shop/app/feature%2Fx`. The same text that hooks and polls have as repository.
 */
export const jobPathOf = (job: string, branch?: string): string => {
  const items = job.split('/').filter((item) => item !== '');
  if (items.length === 0 || items.some((item) => /^\.+$/.test(item))) throw new PermanentError(`"${job}" is not a job path (folder/job)`);
  return [...items, ...(branch === undefined ? [] : [encodeURIComponent(branch)])].join('/');
};

/** `shop/app/feature%2Fx` → `/job/shop/job/app/job/feature%252Fx`. */
export const jobUrlPath = (jobPath: string): string =>
  jobPath.split('/').map((item) => `/job/${encodeURIComponent(item)}`).join('');
