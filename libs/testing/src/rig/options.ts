import type { ServiceName } from '@stellwerk/contracts';
import type { NatsOptions } from './nats-servers.js';
import type { PlatformOptions, RigPlatform } from './platforms.js';
import type { RigResource } from './resources.js';

export interface RigOptions {
  /** Replicas of each service that shall run; default one of ingress, router, the three connectors and status. */
  services?: Partial<Record<ServiceName, number>>;
  nats?: Partial<NatsOptions>;
  /** Servers that keep each stream: 1, or 3 on three nodes. Default: as many as there are nodes. */
  streamReplicas?: number;
  /** `fast` does not wait for the disk; what it confirmed outlives a kill of the server, not of the machine. Default `fast`. */
  postgres?: 'fast' | 'durable';
  /** Further settings of the Postgres server. */
  postgresSettings?: Record<string, string | number>;
  /** Beside the three connections; default `RIG_FLOWS`. */
  resources?: readonly RigResource[];
  /** Spec fields of a connection, e.g. `{ gitlab: { limits: { timeout: '2s' } } }`. */
  connections?: Partial<Record<RigPlatform, Record<string, unknown>>>;
  platforms?: Partial<PlatformOptions>;
  /** A proxy of ours stands between each service and NATS or Postgres, and before each platform: see `rig.line()`. */
  proxied?: readonly ('nats' | 'postgres' | 'platforms')[];
  /** Processes that end come back by themselves. Default false. */
  supervised?: boolean;
  /** True: connectors know where webhooks lead, and so bring back what did not arrive: calls that other scenarios do not reckon with. */
  publicHooks?: boolean;
  /** Variables of all services. */
  env?: NodeJS.ProcessEnv;
  serviceEnv?: Partial<Record<ServiceName, NodeJS.ProcessEnv>>;
  /** Arguments of Node before the script, e.g. `--cpu-prof`. */
  nodeArgs?: readonly string[] | Partial<Record<ServiceName, readonly string[]>>;
  /** Of the driver; printed by whoever starts the rig. */
  seed?: number;
  /** False: the folder with logs, journals and state stays after `close`. Default: it stays only after `keep()`. */
  removeFolder?: boolean;
  say?: (line: string) => void;
}

/** What most scenarios need. */
export const DEFAULT_SERVICES: Partial<Record<ServiceName, number>> = {
  ingress: 1, router: 1, 'github-connector': 1, 'gitlab-connector': 1, 'jenkins-connector': 1, status: 1,
};
