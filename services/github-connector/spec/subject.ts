import type { Subject } from '@stellwerk/connector-kit/conformance';
import { startGithubSimulator } from '@stellwerk/simulators';

const works = { repository: 'acme/shop', workflow: 'deploy.yml', ref: 'main', inputs: { version: '1.0' } };

type GithubOptions = Parameters<typeof startGithubSimulator>[0];

/** GitHub as the conformance suite has to know it, with what else the simulator shall be. */
export const subjectWith = (more: Partial<GithubOptions>): Subject => ({
  service: 'github-connector',
  platform: 'github',
  start: (options) =>
    startGithubSimulator({
      ...options, ...more, hookSecret: 'unused',
      repositories: {
        'acme/shop': {
          workflows: {
            'deploy.yml': { name: 'Deploy', inputs: ['version', 'STELLWERK_ID'], runName: 'Deploy [${{ inputs.STELLWERK_ID }}]' },
            'plain.yml': { name: 'Plain', inputs: ['version'] },
            'ci.yml': { name: 'CI' },
            'told.yml': { name: 'Told', repositoryDispatch: true, runName: '${{ github.event.client_payload.title }} [${{ github.event.client_payload.STELLWERK_ID }}]' },
          },
        },
      },
    }),
  auth: (token) => ({ token }),
  action: 'dispatch-workflow',
  works,
  worksWithoutCarrier: { ...works, workflow: 'plain.yml' },
  refused: { with: { ...works, ref: 'no-such-branch' }, words: /No ref found/ },
  missing: { ...works, repository: 'acme/nothing' },
  outcomeKey: 'acme/shop/deploy.yml',
  triggerPath: '*/dispatches',
  repository: 'acme/shop',
  outputs: ({ id }) => ({ run: Number(id) }),
  urlOf: (run) => (run as { html_url: string }).html_url,
});

export const subject: Subject = subjectWith({});
