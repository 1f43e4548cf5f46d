import type { ActionSchema } from '@stellwerk/contracts';

export const argoWorkflowsActions: readonly ActionSchema[] = [
  {
    name: 'submit',
    description: 'Submits a workflow from a template and waits for its end. One of template, cluster-template and cron names what is submitted.',
    awaits: true,
    outputs: { workflow: { type: 'text', description: 'Name of the workflow' } },
    exactlyOne: ['template', 'cluster-template', 'cron'],
    fields: {
      namespace: { type: 'text', required: true, description: 'Kubernetes namespace of the workflow' },
      template: { type: 'text', required: false, description: 'Name of a WorkflowTemplate' },
      'cluster-template': { type: 'text', required: false, description: 'Name of a ClusterWorkflowTemplate' },
      cron: { type: 'text', required: false, description: 'Name of a CronWorkflow' },
      parameters: { type: 'text-map', required: false, description: 'Parameters of the workflow' },
      labels: { type: 'text-map', required: false, description: 'Labels of the workflow' },
      'entry-point': { type: 'text', required: false, description: "Template to begin with, in place of the workflow's own" },
      'service-account': { type: 'text', required: false, description: 'Service account of its pods' },
    },
  },
];
