import type { Provider } from '@nestjs/common';
import { DOOR, type Door } from '@stellwerk/service-kit';
import { Access } from './access/access.js';
import { setDoorRules } from './access/door-rules.js';
import { takeJsonBodies } from './http/json-bodies.js';
import { findDashboard } from './page/find-dashboard.js';
import { servePage } from './page/serve-page.js';
import { StatusConfig } from './status.config.js';

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
      takeJsonBodies(fastify);
      await servePage(fastify, config.dashboardDir ?? findDashboard());
    },
  }),
};
