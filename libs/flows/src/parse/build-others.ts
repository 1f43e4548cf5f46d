import type { Channel, Connection, Environment } from '../model.js';
import type { Parsed } from '../schema/kinds.js';

/** Who only sends us signed JSON has no address; its facts still need an origin of their own (RFC 2606). */
const nowhere = (name: string): string => `https://${name}.invalid`;

export const buildConnection = ({ metadata, spec }: Parsed<'Connection'>): Connection => ({
  name: metadata.name,
  labels: metadata.labels ?? {},
  platform: spec.platform,
  url: (spec.url ?? nowhere(metadata.name)).replace(/\/+$/, ''),
  ...(spec.webhook && { webhook: spec.webhook }),
  ...(spec.auth && { auth: spec.auth }),
  limits: { concurrency: spec.limits.concurrency, timeoutMs: spec.limits.timeout },
  network: spec.network,
  poll: { everyMs: spec.poll.every },
  ...((spec.jobs ?? spec.poll.jobs) && { jobs: [...(spec.jobs ?? []), ...(spec.poll.jobs ?? [])] }),
});

export const buildChannel = ({ metadata, spec }: Parsed<'Channel'>): Channel => ({
  name: metadata.name,
  labels: metadata.labels ?? {},
  type: spec.type,
  ...(spec.url && { url: spec.url }),
  ...(spec.secret && { secret: spec.secret }),
  network: spec.network,
});

export const buildEnvironment = ({ metadata, spec }: Parsed<'Environment'>): Environment => ({
  name: metadata.name,
  labels: metadata.labels ?? {},
  ...(spec.branches && { branches: spec.branches }),
  ...(spec.concurrency !== undefined && { concurrency: spec.concurrency }),
});
