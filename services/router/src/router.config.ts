import { readInteger, readText, type Env } from '@stellwerk/service-kit';

export interface RouterConfig {
  /** Root of the dashboard, without a slash at the end: where commit statuses and `run.url` point. */
  publicUrl: string;
  /** How often due timers and held events are looked for. */
  sweepMs: number;
  /** How long an event is held while a command of ours that may have caused it is unsettled. */
  holdMs: number;
  /** How long a run is kept after its end. Never less than keys of messages are: what is told once more must find that it has started. */
  runDays: number;
}

/** Every env variable the router reads itself. Throws ConfigFault. */
export const routerConfig = (env: Env = process.env): RouterConfig => ({
  publicUrl: readText(env, 'STELLWERK_PUBLIC_URL', `http://127.0.0.1:${readInteger(env, 'STATUS_PORT', 8081, { min: 0, max: 65_535 })}`).replace(/\/+$/, ''),
  sweepMs: readInteger(env, 'ROUTER_SWEEP_MILLISECONDS', 500, { min: 20, max: 60_000 }),
  holdMs: readInteger(env, 'ROUTER_HOLD_SECONDS', 600, { min: 1, max: 3_600 }) * 1000,
  runDays: readInteger(env, 'ROUTER_RUN_DAYS', 90, { min: 90, max: 36_500 }),
});

/** The page of a run for people. */
export const runUrl = (config: RouterConfig, run: string): string => `${config.publicUrl}/runs/${run}`;

export const ROUTER_CONFIG: unique symbol = Symbol('stellwerk.router.config');
