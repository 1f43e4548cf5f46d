import type { RigOptions } from '@stellwerk/testing/rig';
import type { Setup } from '../scenario.ts';

const limits = { limits: { timeout: '2s' } };

/** Two of what takes and decides; whatever dies comes back by itself. GitLab sends no hooks: most pipelines are not awaited. */
const options: RigOptions = {
  supervised: true,
  services: { ingress: 2, router: 2, 'github-connector': 1, 'gitlab-connector': 1, 'jenkins-connector': 1, status: 1 },
  // So that a killed one has little to read again.
  postgresSettings: { checkpoint_timeout: '30s', max_wal_size: '512MB' },
  env: { LOOKUP_GAP_MILLISECONDS: '1000', LOOKUP_QUIET_MILLISECONDS: '3000', LOG_LEVEL: 'warn' },
  connections: { github: limits, gitlab: limits, jenkins: limits },
  platforms: { more: { gitlab: { hookUrl: '' } } },
};

export const SOAK: Setup = { key: 'soak', options };

/** Share of each flow: most are one trigger, some are whole journeys over three platforms. */
export const MIX: readonly (readonly [flow: string, share: number])[] = [['one', 0.97], ['line', 0.01], ['ship', 0.01], ['build', 0.01]];

/** Share of webhooks that are sent twice. */
export const DUPLICATES = 0.01;
