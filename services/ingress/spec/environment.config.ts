import { SECRETS } from './signing.js';

/** What ingress and its connections read, before its module is loaded. */
export const setEnvironment = (natsUrl: string, databaseUrl: string, config: string, more: Record<string, string> = {}): void => {
  Object.assign(process.env, {
    NATS_URL: natsUrl, DATABASE_URL: databaseUrl, STELLWERK_CONFIG: config, INGRESS_PORT: '0', HOST: '127.0.0.1',
    TEST_GITHUB: SECRETS.github, TEST_GITHUB_OLD: SECRETS.githubOld, TEST_GITLAB: SECRETS.gitlab, TEST_GITLAB_TOKEN: SECRETS.gitlabToken,
    TEST_JENKINS: SECRETS.jenkins, TEST_JENKINS_TOKEN: SECRETS.jenkinsToken, TEST_WEBHOOK: SECRETS.webhook, TEST_BEARER: SECRETS.bearer, ...more,
  });
};
