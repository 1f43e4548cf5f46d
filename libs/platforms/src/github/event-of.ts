/** What payloads are about shows in their keys; the narrower come first. */
const EVENTS = ['workflow_job', 'workflow_run', 'pull_request', 'deployment_status', 'deployment', 'release'] as const;

/** GitHub names the event in a header only: what it would write there; undefined when the payload does not tell. */
export const githubEventOf = (payload: Readonly<Record<string, unknown>>): string | undefined =>
  EVENTS.find((event) => event in payload) ?? ('ref' in payload && 'commits' in payload ? 'push' : undefined);
