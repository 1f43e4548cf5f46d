import type { ActionSchema } from '@stellwerk/contracts';

/** https://docs.github.com/en/rest/commits/statuses: the only words it takes. */
const COMMIT_STATES = ['error', 'failure', 'pending', 'success'] as const;

export const githubActions: readonly ActionSchema[] = [
  {
    name: 'dispatch-workflow',
    description: 'Starts a workflow that listens to workflow_dispatch and waits for the end of its run.',
    awaits: true,
    fields: {
      repository: { type: 'text', required: true, description: 'owner/name' },
      workflow: { type: 'text', required: true, description: 'File name, e.g. deploy.yml, or id of the workflow' },
      ref: { type: 'text', required: true, description: 'Branch or tag to run on' },
      inputs: { type: 'text-map', required: false, description: 'Inputs the workflow declares; at most 25' },
    },
  },
  {
    name: 'set-status',
    description: 'Sets a commit status.',
    awaits: false,
    fields: {
      repository: { type: 'text', required: true, description: 'owner/name' },
      sha: { type: 'text', required: true, description: 'Full commit id' },
      state: { type: 'text', required: true, description: 'State of the commit', values: COMMIT_STATES },
      context: { type: 'text', required: false, description: 'Name that tells this status from others' },
      description: { type: 'text', required: false, description: 'Short text beside the status; cut at 140 characters' },
      target_url: { type: 'text', required: false, description: 'Link behind the status' },
    },
  },
];
