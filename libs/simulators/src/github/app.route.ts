import type { Route } from '../kit/routes.js';
import { toSecond } from '../kit/time.js';
import { bearerOf, type GithubApp } from './app.js';
import { notFound, refused } from './answers.js';
import { nodeId, userView } from './views.js';

/** What an App may ask for in its own name: the tokens of its installations. */
export const appRoutes = (app: GithubApp | undefined): Route[] => [
  {
    on: 'POST /app/installations/:id/access_tokens',
    handle: (exchange, { id }) => {
      const now = new Date();
      if (!app) return refused(401, 'A JSON web token could not be decoded');
      const fault = app.faultOf(bearerOf(exchange), now);
      if (fault) return refused(401, fault);
      if (id !== app.options.installation) return notFound();
      const { token, expiresAt } = app.handOut(now);
      const permissions = { actions: 'write', checks: 'write', contents: 'write', deployments: 'write', issues: 'write', metadata: 'read', statuses: 'write' };
      return { status: 201, body: { token, expires_at: toSecond(expiresAt.toISOString()), permissions, repository_selection: 'all' } };
    },
  },
];

/** `integration`, as it stands beside what an App has made. */
export const appView = (root: string, { slug, options }: GithubApp): Record<string, unknown> => ({
  id: Number(options.id),
  slug,
  node_id: nodeId('Integration', Number(options.id)),
  owner: userView(root, 'acme', 'Organization'),
  name: slug,
  description: null,
  external_url: 'https://stellwerk.dev',
  html_url: `${root}/apps/${slug}`,
  created_at: '2025-01-01T00:00:00Z',
  updated_at: '2025-01-01T00:00:00Z',
  permissions: { checks: 'write', metadata: 'read' },
  events: [],
});
