import { ConfigFault, readInteger, readText } from '@stellwerk/service-kit';

const readUrl = (env: NodeJS.ProcessEnv, name: string, fallback: string): string => {
  const text = readText(env, name, fallback);
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new ConfigFault([`${name} is "${text}": expected an http or https URL`]);
};

/** Everything of the environment that this service reads by itself. */
export class NotifierConfig {
  /** Where people reach the dashboard; messages link to it. */
  readonly publicUrl: string;
  /** Root of Slack's Web API, for channels with a `token`. */
  readonly slackApiUrl: string;
  /** Messages sent at a time by one replica. */
  readonly concurrency: number;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.publicUrl = readUrl(env, 'STELLWERK_PUBLIC_URL', 'http://127.0.0.1:8081').replace(/\/+$/, '');
    this.slackApiUrl = readUrl(env, 'NOTIFIER_SLACK_API_URL', 'https://slack.com/api').replace(/\/+$/, '');
    this.concurrency = readInteger(env, 'NOTIFIER_CONCURRENCY', 4, { min: 1, max: 64 });
  }
}
