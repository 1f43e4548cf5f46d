import type { GitlabBody, GitlabMergeRequest } from './payload.js';

/** `https://gitlab.example.com/group/sub/project` below the instance → `group/sub/project`. */
const pathBelow = (origin: string, url: string | undefined): string | undefined => {
  if (!url?.startsWith(`${origin}/`)) return undefined;
  return url.slice(origin.length + 1).replace(/\.git$|\/+$/g, '') || undefined;
};

/** Job hooks of older versions have no `project`: the path then stands in the repository's address. */
export const projectOf = (body: GitlabBody, origin: string): string | undefined =>
  body.project?.path_with_namespace ?? pathBelow(origin, body.project?.web_url ?? body.repository?.homepage);

export const webUrlOf = (body: GitlabBody): string | undefined => body.project?.web_url ?? body.repository?.homepage;

export const actorOf = (body: GitlabBody): string | undefined =>
  body.user?.username ?? body.user_username ?? body.user?.name ?? body.user_name;

/** True when a merge request comes from another project. */
export const isForkOf = (change: Pick<GitlabMergeRequest, 'source_project_id' | 'target_project_id'>): boolean | undefined =>
  change.source_project_id === undefined || change.target_project_id === undefined
    ? undefined
    : change.source_project_id !== change.target_project_id;
