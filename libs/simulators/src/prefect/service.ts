import { createHash } from 'node:crypto';
import type { SmallRuns } from '../kit/small-runs.js';
import type { SimulatorOptions } from '../kit/types.js';

/** A deployment, by its name `flow/deployment`. */
export interface PrefectDeployment {
  /** Types of the flow's parameters; those of other types are refused (409), as Prefect does by default. */
  parameters?: Record<string, 'string' | 'integer' | 'boolean'>;
}

export interface PrefectSimulatorOptions extends SimulatorOptions {
  /** API key, or the password where there is a user. */
  token: string;
  /** A self-hosted server with `PREFECT_SERVER_API_AUTH_STRING`. */
  user?: string;
  deployments: Record<string, PrefectDeployment>;
  /** Fixed header of the automation's webhook. */
  hookToken?: string;
}

/** What the routes work with. */
export interface PrefectService {
  options: PrefectSimulatorOptions;
  runs: SmallRuns;
}

/** An id that a name always has. */
export const uuidOf = (name: string): string => createHash('md5').update(name).digest('hex').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
