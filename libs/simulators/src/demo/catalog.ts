import type { GithubRepository } from '../github/github.simulator.js';
import type { GitlabProject } from '../gitlab/gitlab.simulator.js';
import type { JenkinsJob } from '../jenkins/jenkins.simulator.js';

/** What the simulated platforms of the demo hold; `examples/quickstart` speaks of these. */
export const DEMO_GITHUB: Record<string, GithubRepository> = {
  'acme/shop': {
    refs: ['main', 'release/1.4', 'feature/cart'],
    workflows: {
      'ci.yml': { name: 'CI' },
      'deploy.yml': {
        name: 'Deploy',
        inputs: ['version', 'STELLWERK_ID'],
        required: ['version'],
        runName: 'Deploy ${{ inputs.version }} ${{ inputs.STELLWERK_ID }}',
      },
    },
  },
};

export const DEMO_GITLAB: GitlabProject[] = [{ id: 42, path: 'acme/shop-scan', refs: ['main', 'release/1.4', 'feature/cart'], inputs: ['sha'] }];

export const DEMO_JENKINS: Record<string, JenkinsJob> = { 'shop/e2e': { parameters: ['SHA', 'STELLWERK_ID'] } };

export const DEMO_JENKINS_USER = 'stellwerk';
