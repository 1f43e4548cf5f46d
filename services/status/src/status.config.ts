import { resolve } from 'node:path';
import { ConfigFault, readInteger, readText } from '@stellwerk/service-kit';

const readUrl = (env: NodeJS.ProcessEnv, name: string, fallback: string): string => {
  const text = readText(env, name, fallback);
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new ConfigFault([`${name} is "${text}": expected an http or https URL`]);
};

/** Everything of the environment that this service reads by itself. */
export class StatusConfig {
  readonly host: string;
  readonly port: number;
  /** Undefined: no tokens, so loopback only and everyone is `local`. */
  readonly tokensFile: string | undefined;
  /** Where people reach the dashboard; one of the Host names that are let in while it is open. */
  readonly publicUrl: string;
  /** The built dashboard; undefined = the one of this repository. */
  readonly dashboardDir: string | undefined;
  readonly eventsDays: number;
  readonly runsDays: number;
  /** How long a lint or a test of files may take, waiting included. */
  readonly trialSeconds: number;
  readonly backtestSeconds: number;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.host = readText(env, 'HOST', '127.0.0.1');
    this.port = readInteger(env, 'STATUS_PORT', 8081, { min: 0, max: 65_535 });
    this.tokensFile = readText(env, 'STELLWERK_TOKENS_FILE', '') || undefined;
    this.publicUrl = readUrl(env, 'STELLWERK_PUBLIC_URL', `http://127.0.0.1:${this.port}`);
    const dir = readText(env, 'STATUS_DASHBOARD_DIR', '');
    this.dashboardDir = dir ? resolve(dir) : undefined;
    // The timeline must reach as far back as the streams, or a replay could be written twice.
    this.eventsDays = readInteger(env, 'STATUS_EVENTS_DAYS', 30, { min: 14, max: 3_650 });
    this.runsDays = readInteger(env, 'STATUS_RUNS_DAYS', 365, { min: 14, max: 3_650 });
    this.trialSeconds = readInteger(env, 'STATUS_TRIAL_SECONDS', 30, { min: 1, max: 600 });
    this.backtestSeconds = readInteger(env, 'STATUS_BACKTEST_SECONDS', 120, { min: 1, max: 3_600 });
  }
}
