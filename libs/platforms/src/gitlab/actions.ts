import type { ActionSchema } from '@stellwerk/contracts';

export const gitlabActions: readonly ActionSchema[] = [
  {
    name: 'trigger-pipeline',
    description: 'Creates a pipeline and waits for its end.',
    awaits: true,
    fields: {
      project: { type: 'text', required: true, description: 'group/project, or the numeric id' },
      ref: { type: 'text', required: true, description: 'Branch or tag to run on' },
      variables: { type: 'text-map', required: false, description: 'Pipeline variables; a project may forbid them, inputs are always taken' },
      inputs: { type: 'map', required: false, description: 'Typed inputs the pipeline declares (GitLab 17.10 or later)' },
      token: { type: 'secret', required: false, description: 'Pipeline trigger token; without it the access token of the connection is used' },
    },
  },
];
