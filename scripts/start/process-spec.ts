import type { ServerCommand } from '@stellwerk/local-servers';
import type { ConfigTold } from '@stellwerk/service-kit';

/** What a child said over the channel between us. */
export interface Listening {
  event: 'listening';
  managementPort?: number;
  doorPort?: number;
}

/** The child as its `ready` check sees it. */
export interface RunningChild {
  /** Resolves when a service has told where it listens. */
  readonly listening: Promise<Listening>;
}

/** One process that the supervisor keeps alive. */
export interface ProcessSpec {
  readonly name: string;
  /** Asked for at every start. */
  readonly command: () => Promise<ServerCommand>;
  /** A Node process of ours, which tells its management port over a channel. */
  readonly channel: boolean;
  /** What it says over the channel beside where it listens. */
  readonly hear?: (message: ConfigTold) => void;
  /** One try; throws while it is not ready. */
  readonly check: (child: RunningChild) => Promise<void>;
  /** How long the first start may take until it is ready. */
  readonly readyWithinMs: number;
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
}
