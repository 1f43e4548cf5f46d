import { numberOf } from '../kit/numbers.js';

const USER_LINKS = {
  followers_url: 'followers',
  following_url: 'following{/other_user}',
  gists_url: 'gists{/gist_id}',
  starred_url: 'starred{/owner}{/repo}',
  subscriptions_url: 'subscriptions',
  organizations_url: 'orgs',
  repos_url: 'repos',
  events_url: 'events{/privacy}',
  received_events_url: 'received_events',
};

const REPOSITORY_LINKS = {
  archive_url: '{archive_format}{/ref}',
  assignees_url: 'assignees{/user}',
  blobs_url: 'git/blobs{/sha}',
  branches_url: 'branches{/branch}',
  collaborators_url: 'collaborators{/collaborator}',
  comments_url: 'comments{/number}',
  commits_url: 'commits{/sha}',
  compare_url: 'compare/{base}...{head}',
  contents_url: 'contents/{+path}',
  contributors_url: 'contributors',
  deployments_url: 'deployments',
  downloads_url: 'downloads',
  events_url: 'events',
  forks_url: 'forks',
  git_commits_url: 'git/commits{/sha}',
  git_refs_url: 'git/refs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  hooks_url: 'hooks',
  issue_comment_url: 'issues/comments{/number}',
  issue_events_url: 'issues/events{/number}',
  issues_url: 'issues{/number}',
  keys_url: 'keys{/key_id}',
  labels_url: 'labels{/name}',
  languages_url: 'languages',
  merges_url: 'merges',
  milestones_url: 'milestones{/number}',
  notifications_url: 'notifications{?since,all,participating}',
  pulls_url: 'pulls{/number}',
  releases_url: 'releases{/id}',
  stargazers_url: 'stargazers',
  statuses_url: 'statuses/{sha}',
  subscribers_url: 'subscribers',
  subscription_url: 'subscription',
  tags_url: 'tags',
  teams_url: 'teams',
  trees_url: 'git/trees{/sha}',
};

const links = (base: string, paths: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, `${base}/${path}`]));

export const nodeId = (kind: string, id: number): string => Buffer.from(`${kind}:${id}`).toString('base64url');

/** `simple-user` of GitHub's API description. */
export const userView = (root: string, login: string, type: 'User' | 'Organization' = 'User'): Record<string, unknown> => {
  const id = numberOf(login);
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${root}/avatars/${id}`,
    gravatar_id: '',
    url: `${root}/users/${login}`,
    html_url: `${root}/${login}`,
    ...links(`${root}/users/${login}`, USER_LINKS),
    type,
    site_admin: false,
  };
};

/** `minimal-repository`, with the fields that webhooks add to it. */
export const repositoryView = (root: string, fullName: string, defaultBranch: string): Record<string, unknown> => {
  const [owner, name] = fullName.split('/') as [string, string];
  const id = numberOf(fullName);
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name: fullName,
    private: true,
    owner: userView(root, owner, 'Organization'),
    html_url: `${root}/${fullName}`,
    description: null,
    fork: false,
    url: `${root}/repos/${fullName}`,
    ...links(`${root}/repos/${fullName}`, REPOSITORY_LINKS),
    default_branch: defaultBranch,
    visibility: 'private',
    archived: false,
    disabled: false,
  };
};

/** `simple-commit`. */
export const commitView = (sha: string, message: string, timestamp: string, actor: string): Record<string, unknown> => {
  const person = { name: actor, email: `${actor}@users.noreply.github.com` };
  return { id: sha, tree_id: [...sha].reverse().join(''), message, timestamp, author: person, committer: person };
};
