import type { ActionSchema } from '@stellwerk/contracts';

export const prefectActions: readonly ActionSchema[] = [
  {
    name: 'run-deployment',
    description: 'Creates a flow run of a deployment and waits for its end.',
    awaits: true,
    outputs: { run: { type: 'text', description: 'Id of the flow run' } },
    fields: {
      deployment: { type: 'text', required: true, description: 'flow/deployment, or the id of the deployment' },
      parameters: { type: 'map', required: false, description: "Parameters of the flow; others are the deployment's" },
      tags: { type: 'list', required: false, description: "Tags beside the deployment's" },
      name: { type: 'text', required: false, description: 'Name of the flow run' },
      'job-variables': { type: 'map', required: false, description: 'Overrides for the infrastructure of the work pool' },
      'work-queue': { type: 'text', required: false, description: 'Work queue, where the deployment has a work pool' },
    },
  },
];
