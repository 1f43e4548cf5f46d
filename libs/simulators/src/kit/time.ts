/** ISO 8601 to the second, as GitHub shows times. */
export const toSecond = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

/** `2016-08-12 15:23:28 UTC`, as GitLab's hooks show times. */
export const gitlabHookTime = (time: string): string => toSecond(time).replace('T', ' ').replace('Z', ' UTC');
