import type { Subject } from '@stellwerk/connector-kit/conformance';
import { startJenkinsSimulator } from '@stellwerk/simulators';

const works = { job: 'shop/e2e', parameters: { SHA: 'abc' } };

/** Jenkins as the conformance suite has to know it. */
export const subject: Subject = {
  service: 'jenkins-connector',
  platform: 'jenkins',
  start: (options) =>
    startJenkinsSimulator({
      ...options, user: 'robot',
      jobs: { 'shop/e2e': { parameters: ['SHA', 'STELLWERK_ID'] }, 'shop/plain': {}, 'shop/off': { disabled: true } },
    }),
  auth: (token) => ({ user: 'robot', token }),
  action: 'start-build',
  works,
  worksWithoutCarrier: { job: 'shop/plain' },
  refused: { with: { job: 'shop/off' }, words: /disabled/ },
  missing: { job: 'shop/nothing' },
  outcomeKey: 'shop/e2e',
  triggerPath: '/job/*/build*',
  repository: 'shop/e2e',
  outputs: ({ id }) => ({ number: Number(id) }),
  urlOf: (run) => (run as { url: string }).url,
};
