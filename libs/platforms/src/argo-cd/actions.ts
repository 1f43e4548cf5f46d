import type { ActionSchema } from '@stellwerk/contracts';

export const argoCdActions: readonly ActionSchema[] = [
  {
    name: 'sync',
    description: 'Syncs an application and waits for the end of the operation; not for its health.',
    awaits: true,
    outputs: {},
    fields: {
      application: { type: 'text', required: true, description: 'Name of the application' },
      'app-namespace': { type: 'text', required: false, description: "Namespace of the application, where that is not Argo CD's own" },
      project: { type: 'text', required: false, description: 'Project the application has to belong to' },
      revision: { type: 'text', required: false, description: 'Commit, branch, tag or chart version; absent: the target revision of the application' },
      prune: { type: 'boolean', required: false, description: 'Delete what is no longer in Git' },
      'dry-run': { type: 'boolean', required: false, description: 'Change nothing' },
      'sync-options': { type: 'list', required: false, description: 'Such as ServerSideApply=true; in place of those of the application' },
    },
  },
];
