import type { Provider } from '@nestjs/common';
import { DOOR, type Door } from '@stellwerk/service-kit';
import { Access } from './access/access.js';
import { knownOnly, setDoorRules } from './access/door-rules.js';
import { takeJsonBodies } from './http/json-bodies.js';
import { findDashboard } from './page/find-dashboard.js';
import { servePage } from './page/serve-page.js';
import { StatusConfig } from './status.config.js';

const MEGABYTE = 1024 * 1024;

/** Whole config directories; ten thousand flows are about half of it. */
const LARGE_BODIES = { '/api/lint': 8 * MEGABYTE, '/api/test': 8 * MEGABYTE, '/api/backtest': 8 * MEGABYTE };

/** The door for people: API and dashboard. */
export const doorProvider: Provider = {
  provide: DOOR,
  inject: [StatusConfig, Access],
  useFactory: (config: StatusConfig, access: Access): Door => ({
    port: config.port,
    host: config.host,
    portVariable: 'STATUS_PORT',
    configure: async (fastify) => {
      setDoorRules(fastify, access.open ? config.publicUrl : undefined);
      knownOnly(fastify, access, Object.keys(LARGE_BODIES));
      takeJsonBodies(fastify, LARGE_BODIES);
      await servePage(fastify, config.dashboardDir ?? findDashboard());
    },
  }),
};
