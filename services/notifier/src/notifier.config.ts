import { readInteger, readText } from '@stellwerk/service-kit';

/** Everything of the environment that this service reads by itself. */
export class NotifierConfig {
  /** Where people reach the dashboard; messages link to it. */
  readonly publicUrl: string;
  /** Messages sent at a time by one replica. */
  readonly concurrency: number;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.publicUrl = readText(env, 'STELLWERK_PUBLIC_URL', 'http://127.0.0.1:8081').replace(/\/+$/, '');
    this.concurrency = readInteger(env, 'NOTIFIER_CONCURRENCY', 4, { min: 1, max: 64 });
  }
}
