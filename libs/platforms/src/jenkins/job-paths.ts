/** Undefined for what is no encoding, and for what hides control characters in one. */
const decodeOnce = (segment: string): string | undefined => {
  try {
    const decoded = decodeURIComponent(segment);
    return /\p{Cc}/u.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
};

/** Pairs of `job/<name>`; views on the way name no item. Undefined for what is no job's address. */
const itemsIn = (segments: readonly string[]): string[] | undefined => {
  const items: string[] = [];
  for (let at = 0; at + 1 < segments.length; at += 2) {
    if (segments[at] !== 'job' && segments[at] !== 'view') break;
    const name = decodeOnce(segments[at + 1]!);
    if (!name) return undefined;
    if (segments[at] === 'job') items.push(name);
  }
  return items.length > 0 ? items : undefined;
};

const belowOrigin = (url: string, origin: string): string => {
  if (url.startsWith(`${origin}/`)) return url.slice(origin.length);
  if (!/^https?:/.test(url)) return url;
  const path = URL.parse(url)?.pathname ?? '';
  // Jenkins may know itself by another name than we do; its path is then all there is to go by.
  return path.slice(Math.max(path.indexOf('/job/'), 0));
};

/**
 * The full name of a job: `job/shop/job/app/job/feature%252Fx/12/` → `shop/app/feature%2Fx`, as Jenkins itself writes it
 * (a multibranch job names the item of a branch by its encoded name). Absolute addresses and those below the root are both taken.
 */
export const jenkinsJobPath = (url: string | undefined, origin: string): string | undefined => {
  if (url === undefined) return undefined;
  const segments = belowOrigin(url, origin).split(/[?#]/, 1)[0]!.split('/').filter((segment) => segment !== '');
  return itemsIn(segments)?.join('/');
};

/** The branch that a multibranch item's name tells: `feature%2Fx` → `feature/x`; undefined when the name is not encoded. */
export const branchOfJob = (jobPath: string): string | undefined => {
  const leaf = jobPath.slice(jobPath.lastIndexOf('/') + 1);
  return /%[0-9A-Fa-f]{2}/.test(leaf) ? decodeOnce(leaf) : undefined;
};

/** What the Git plugin calls a branch: `origin/main`, `refs/remotes/origin/main`, `main`. */
export const plainBranch = (branch: string | undefined): string | undefined =>
  branch?.replace(/^refs\/(?:heads|remotes)\//, '').replace(/^(?:origin|\*)\//, '') || undefined;
