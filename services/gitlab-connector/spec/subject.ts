import type { Subject } from '@stellwerk/connector-kit/conformance';
import { startGitlabSimulator } from '@stellwerk/simulators';

const works = { project: 'acme/shop-scan', ref: 'main', variables: { SHA: 'abc' } };

/** GitLab as the conformance suite has to know it. */
export const subject: Subject = {
  service: 'gitlab-connector',
  platform: 'gitlab',
  start: (options) =>
    startGitlabSimulator({
      ...options,
      projects: [
        { id: 1, path: 'acme/shop-scan' }, { id: 2, path: 'acme/strict', variablesForbidden: true },
        { id: 3, path: 'acme/group/shop', manualJobs: ['deploy'], mergeRequests: Array.from({ length: 40 }, (_, n) => n + 1) },
      ],
    }),
  auth: (token) => ({ token }),
  action: 'trigger-pipeline',
  works,
  worksWithoutCarrier: { project: 'acme/strict', ref: 'main' },
  refused: { with: { ...works, ref: 'no-such-branch' }, words: /Reference not found/ },
  missing: { ...works, project: 'acme/nothing' },
  outcomeKey: 'acme/shop-scan',
  triggerPath: '*/pipeline',
  repository: 'acme/shop-scan',
  outputs: ({ id, number }) => ({ pipeline: Number(id), iid: number }),
  urlOf: (run) => (run as { web_url: string }).web_url,
};
