import type { GithubRepository, GitlabProject, JenkinsJob } from '@stellwerk/simulators';

/** What the rig's platforms hold; its flows speak of these. */
export interface PlatformCatalog {
  github: Record<string, GithubRepository>;
  gitlab: GitlabProject[];
  jenkins: Record<string, JenkinsJob>;
}

const shipWorkflow = { name: 'Ship', inputs: ['version', 'STELLWERK_ID'], runName: 'Ship ${{ inputs.version }} ${{ inputs.STELLWERK_ID }}' };

export const RIG_CATALOG: PlatformCatalog = {
  github: { 'acme/ops': { workflows: { 'ship.yml': shipWorkflow, 'strict.yml': { name: 'Strict', inputs: ['version'] } } } },
  gitlab: [{ id: 42, path: 'acme/scan' }],
  jenkins: { 'shop/e2e': { parameters: ['SHA', 'STELLWERK_ID'] } },
};

/** Same names and values in the environment of services and in the simulators. */
export const RIG_SECRETS = {
  GITHUB_TOKEN: 'ghp_rig0000000000000000000000000000000000',
  GITHUB_HOOK_SECRET: 'rig github hook secret',
  GITLAB_TOKEN: 'glpat-rig00000000000000000',
  GITLAB_SIGNING_TOKEN: `whsec_${Buffer.from('rig gitlab hook signing token 0001').toString('base64')}`,
  JENKINS_TOKEN: '11rig0000000000000000000000000000000',
  JENKINS_HOOK_SECRET: `whsec_${Buffer.from('rig jenkins hook signing secret 01').toString('base64')}`,
} as const;

export const JENKINS_USER = 'stellwerk';
