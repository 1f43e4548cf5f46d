import { startGithubSimulator, startGitlabSimulator, startJenkinsSimulator, type RunningSimulator } from '@stellwerk/simulators';
import { readFileSync } from 'node:fs';
import { JENKINS_USER, RIG_SECRETS, type PlatformCatalog } from './platform-catalog.js';

/** The file named by the first argument: what `RigPlatforms` wants to run. */
export interface SimulatorsPlan {
  ports: { github: number; gitlab: number; jenkins: number };
  directory: string;
  hooksUrl: string;
  runMilliseconds: number;
  catalog: PlatformCatalog;
  /** Options of single simulators beside these, e.g. `{ github: { listLagMilliseconds: 1500 } }`. */
  more: Partial<Record<'github' | 'gitlab' | 'jenkins', object>>;
}

const plan = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as SimulatorsPlan;
const common = (name: 'github' | 'gitlab' | 'jenkins') => ({
  port: plan.ports[name], journalFile: `${plan.directory}/${name}.jsonl`, hookUrl: `${plan.hooksUrl}/${name}`, runMilliseconds: plan.runMilliseconds,
});

const all: RunningSimulator[] = [
  await startGithubSimulator({ ...common('github'), token: RIG_SECRETS.GITHUB_TOKEN, hookSecret: RIG_SECRETS.GITHUB_HOOK_SECRET, repositories: plan.catalog.github, rateLimit: 10_000_000, ...plan.more.github }),
  await startGitlabSimulator({ ...common('gitlab'), token: RIG_SECRETS.GITLAB_TOKEN, signingToken: RIG_SECRETS.GITLAB_SIGNING_TOKEN, projects: plan.catalog.gitlab, ...plan.more.gitlab }),
  await startJenkinsSimulator({ ...common('jenkins'), user: JENKINS_USER, token: RIG_SECRETS.JENKINS_TOKEN, hookSecret: RIG_SECRETS.JENKINS_HOOK_SECRET, jobs: plan.catalog.jenkins, ...plan.more.jenkins }),
];
process.send?.({ event: 'listening' });

const stop = (): void => void Promise.all(all.map((one) => one.close())).then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('disconnect', stop);
