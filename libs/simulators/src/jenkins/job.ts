/** A job the simulator knows, by its full name `folder/job`; the folders above it exist with it. */
export interface JenkinsJob {
  /** Names of declared parameters; absent = not parametrized. Others are dropped without a word. */
  parameters?: string[];
  /** A disabled job takes no build: redirect to the job's page, no queue item. */
  disabled?: boolean;
  /** A multibranch job: builds belong to its branches, `build` on itself starts a scan. */
  branches?: string[];
}

export type JenkinsCatalog = Record<string, JenkinsJob>;

export type FoundItem = { kind: 'job'; name: string; job: JenkinsJob } | { kind: 'multibranch' | 'folder'; name: string; children: string[] };

/** What lies at a path of item names. A branch `feature/x` is the item `feature%2Fx`. */
export const findItem = (catalog: JenkinsCatalog, items: string[]): FoundItem | undefined => {
  const name = items.join('/');
  const job = catalog[name];
  if (job) return job.branches ? { kind: 'multibranch', name, children: job.branches.map(encodeURIComponent) } : { kind: 'job', name, job };
  const parent = catalog[items.slice(0, -1).join('/')];
  const branch = items.at(-1)!;
  if (parent?.branches?.map(encodeURIComponent).includes(branch)) return { kind: 'job', name, job: { ...parent, branches: undefined } };
  const children = childrenOf(catalog, name);
  return children.length > 0 ? { kind: 'folder', name, children } : undefined;
};

/** Names right below a folder; `''` is the root. */
export const childrenOf = (catalog: JenkinsCatalog, folder: string): string[] => {
  const prefix = folder === '' ? '' : `${folder}/`;
  return [
    ...new Set(
      Object.keys(catalog)
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length).split('/')[0]!),
    ),
  ];
};

/** `job/shop/job/e2e`: each item name encoded once more. */
export const jobPath = (name: string): string =>
  name
    .split('/')
    .map((item) => `job/${encodeURIComponent(item)}`)
    .join('/');
