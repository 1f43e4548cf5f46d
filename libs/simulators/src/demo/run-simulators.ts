import { join } from 'node:path';
import { startChatSimulator } from '../chat/chat.simulator.js';
import { startGithubSimulator } from '../github/github.simulator.js';
import { startGitlabSimulator } from '../gitlab/gitlab.simulator.js';
import { startJenkinsSimulator } from '../jenkins/jenkins.simulator.js';
import type { RunningSimulator } from '../kit/types.js';
import type { SimulatorsConfig } from '../simulators.config.js';
import { DEMO_GITHUB, DEMO_GITLAB, DEMO_JENKINS, DEMO_JENKINS_USER } from './catalog.js';

/** Where the simulators of the demo are. */
export interface SimulatorUrls {
  github: string;
  gitlab: string;
  jenkins: string;
  chat: string;
  slack: string;
  discord: string;
}

/** Starts the four simulators of the demo in this process. */
export const runSimulators = async (config: SimulatorsConfig): Promise<{ urls: SimulatorUrls; close: () => Promise<void> }> => {
  const common = (
    name: 'github' | 'gitlab' | 'jenkins' | 'chat',
  ): { port: number; journalFile: string; hookUrl: string; runMilliseconds: number } => ({
    port: config.ports[name],
    journalFile: join(config.directory, `${name}.jsonl`),
    hookUrl: `${config.hooksUrl}/${name}`,
    runMilliseconds: config.runMilliseconds,
  });
  const chat = await startChatSimulator({ ...common('chat'), slackToken: config.slackToken, discordToken: config.discordToken });
  const github = await startGithubSimulator({
    ...common('github'),
    token: config.githubToken,
    hookSecret: config.githubHookSecret,
    repositories: DEMO_GITHUB,
  });
  const gitlab = await startGitlabSimulator({
    ...common('gitlab'),
    token: config.gitlabToken,
    signingToken: config.gitlabSigningToken,
    projects: DEMO_GITLAB,
  });
  const jenkins = await startJenkinsSimulator({
    ...common('jenkins'),
    user: DEMO_JENKINS_USER,
    token: config.jenkinsToken,
    hookSecret: config.jenkinsHookSecret,
    jobs: DEMO_JENKINS,
  });
  const all: RunningSimulator[] = [github, gitlab, jenkins, chat];
  return {
    urls: { github: github.url, gitlab: gitlab.url, jenkins: jenkins.url, chat: chat.url, slack: chat.slackUrl, discord: chat.discordUrl },
    close: async () => void (await Promise.all(all.map((simulator) => simulator.close()))),
  };
};
