/** https://docs.gitlab.com/user/project/integrations/webhook_events/ */
const EVENTS: Readonly<Record<string, string>> = {
  pipeline: 'Pipeline Hook', build: 'Job Hook', push: 'Push Hook', tag_push: 'Tag Push Hook', merge_request: 'Merge Request Hook',
  deployment: 'Deployment Hook', release: 'Release Hook',
};

/** What GitLab writes into its event header for such a payload. */
export const gitlabEventOf = ({ object_kind: kind }: Readonly<Record<string, unknown>>): string | undefined =>
  typeof kind === 'string' && Object.hasOwn(EVENTS, kind) ? EVENTS[kind] : undefined;
