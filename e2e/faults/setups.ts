import type { Setup } from './scenario.ts';

// Calls end soon and look-ups agree soon, so that an unknown outcome is known within seconds; the order of the waits is as in production.
export const SHORT_WAITS = { LOOKUP_GAP_MILLISECONDS: '1000', LOOKUP_QUIET_MILLISECONDS: '3000' };
/** Doors close a second after they say so, as behind any load balancer: one that looks five times a second has seen it by then. */
export const CLOSES_LATE = { SHUTDOWN_DELAY_SECONDS: '1' };
const limits = { limits: { timeout: '2s' } };
const connections = { github: limits, gitlab: limits, jenkins: limits };

/** One of each service, one NATS, a proxy on every line. */
export const SINGLE: Setup = {
  key: 'single',
  options: { proxied: ['nats', 'postgres', 'platforms'], env: SHORT_WAITS, connections },
};

/** Three replicas of what takes, decides and triggers, on a cluster of three NATS servers that each keep every message. */
export const TRIPLE: Setup = {
  key: 'triple',
  options: {
    nats: { nodes: 3 }, env: { ...SHORT_WAITS, ...CLOSES_LATE }, connections, proxied: ['platforms'],
    services: { ingress: 3, router: 3, 'github-connector': 1, 'gitlab-connector': 3, 'jenkins-connector': 1, status: 1 },
  },
};
