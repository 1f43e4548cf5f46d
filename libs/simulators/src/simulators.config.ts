/** What the process that runs all simulators reads. The secrets are those of `examples/quickstart`, under the same names. */
export interface SimulatorsConfig {
  directory: string;
  hooksUrl: string;
  runMilliseconds: number;
  ports: { github: number; gitlab: number; jenkins: number; chat: number };
  githubToken: string;
  githubHookSecret: string;
  gitlabToken: string;
  gitlabSigningToken: string;
  jenkinsToken: string;
  jenkinsHookSecret: string;
  slackToken: string;
  discordToken: string;
}

/** Throws one error that names everything missing or unreadable. */
export const simulatorsConfig = (env: NodeJS.ProcessEnv): SimulatorsConfig => {
  const faults: string[] = [];
  const text = (name: string, fallback?: string): string => {
    const value = env[name] || fallback;
    if (value === undefined) faults.push(`${name} is not set`);
    return value ?? '';
  };
  const integer = (name: string, fallback: number): number => {
    const value = Number(env[name] || fallback);
    if (!Number.isInteger(value) || value < 0) faults.push(`${name} is "${env[name]}": expected a whole number`);
    return value;
  };
  const config: SimulatorsConfig = {
    directory: text('SIMULATORS_DIR'),
    hooksUrl: text('SIMULATORS_HOOKS_URL', 'http://127.0.0.1:8080/hooks').replace(/\/$/, ''),
    runMilliseconds: integer('SIMULATORS_RUN_MILLISECONDS', 1500),
    ports: {
      github: integer('GITHUB_SIMULATOR_PORT', 0),
      gitlab: integer('GITLAB_SIMULATOR_PORT', 0),
      jenkins: integer('JENKINS_SIMULATOR_PORT', 0),
      chat: integer('CHAT_SIMULATOR_PORT', 0),
    },
    githubToken: text('GITHUB_TOKEN'),
    githubHookSecret: text('GITHUB_HOOK_SECRET'),
    gitlabToken: text('GITLAB_TOKEN'),
    gitlabSigningToken: text('GITLAB_SIGNING_TOKEN'),
    jenkinsToken: text('JENKINS_TOKEN'),
    jenkinsHookSecret: text('JENKINS_HOOK_SECRET'),
    slackToken: lastPart(text('SLACK_URL')),
    discordToken: lastPart(text('DISCORD_URL')),
  };
  if (faults.length > 0) throw new Error(faults.join('; '));
  return config;
};

/** The token of an incoming webhook's URL. */
const lastPart = (url: string): string => url.split('?')[0]!.split('/').at(-1)!;
