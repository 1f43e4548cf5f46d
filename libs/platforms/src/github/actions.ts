import type { ActionSchema } from '@stellwerk/contracts';
import { commitFault } from '../shared/field-faults.js';
import { repositoryFault, workflowFault } from './field-faults.js';

/** https://docs.github.com/en/rest/commits/statuses: the only words it takes. */
const COMMIT_STATES = ['error', 'failure', 'pending', 'success'] as const;

/** https://docs.github.com/en/rest/deployments/statuses: the only words it takes. */
export const deploymentStates = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'] as const;

const repository = { type: 'text', required: true, description: 'owner/name', faultOf: repositoryFault } as const;
const run = { type: 'text', required: true, description: 'Id of the workflow run, or its address' } as const;

export const githubActions: readonly ActionSchema[] = [
  {
    name: 'dispatch-workflow',
    description: 'Starts a workflow that listens to workflow_dispatch and waits for the end of its run.',
    awaits: true,
    outputs: { run: { type: 'integer', description: 'Id of the workflow run' } },
    fields: {
      repository,
      workflow: { type: 'text', required: true, description: 'File name, e.g. deploy.yml, or id of the workflow', faultOf: workflowFault },
      ref: { type: 'text', required: true, description: 'Branch or tag to run on' },
      inputs: { type: 'text-map', required: false, description: 'Inputs the workflow declares; at most 25' },
    },
  },
  {
    name: 'dispatch-repository',
    description: 'Sends a repository_dispatch event; with await: { pipeline: NAME_OR_FILE } waits for the end of the run of that workflow.',
    awaits: false,
    awaitsPipeline: true,
    outputs: { run: { type: 'integer', description: 'Id of the workflow run; only with `await: { pipeline: … }`' } },
    fields: {
      repository,
      type: { type: 'text', required: true, description: 'Type that workflows listen to; at most 100 characters' },
      payload: { type: 'map', required: false, description: 'client_payload: at most 10 keys, of which STELLWERK_ID is one of ours, and less than 64 KB' },
    },
  },
  {
    name: 'rerun',
    description: 'Runs an ended workflow run again, as its next attempt.',
    awaits: false,
    outputs: {},
    repeats: 'run',
    fields: { repository, run, 'failed-only': { type: 'boolean', required: false, description: 'Only the jobs that failed; default false' } },
  },
  {
    name: 'cancel',
    description: 'Cancels a workflow run; one that has ended is left as it is.',
    awaits: false,
    outputs: {},
    fields: { repository, run },
  },
  {
    name: 'create-deployment',
    description: 'Creates a deployment.',
    awaits: false,
    outputs: { deployment: { type: 'integer', description: 'Id of the deployment' } },
    fields: {
      repository,
      ref: { type: 'text', required: true, description: 'Branch, tag or commit to deploy' },
      environment: { type: 'text', required: false, description: 'Default: production' },
      task: { type: 'text', required: false, description: 'Default: deploy' },
      payload: { type: 'map', required: false, description: 'What the deployment system is told; STELLWERK_ID is added' },
      description: { type: 'text', required: false, description: 'Short text; cut at 140 characters' },
      production_environment: { type: 'boolean', required: false, description: 'Users work with it; default: when it is called production' },
      transient_environment: { type: 'boolean', required: false, description: 'It will be gone some day; default false' },
      auto_merge: { type: 'boolean', required: false, description: 'Merge the default branch into a ref that is behind; default false, unlike in the API' },
      required_contexts: { type: 'list', required: false, description: 'Commit statuses that have to be green; [] for none; absent: all there are, our own included' },
    },
  },
  {
    name: 'set-deployment-status',
    description: 'Says where a deployment stands.',
    awaits: false,
    outputs: { id: { type: 'integer', description: 'Id of the deployment status' } },
    fields: {
      repository,
      deployment_id: { type: 'integer', required: true, description: 'Id of the deployment' },
      state: { type: 'text', required: true, description: 'State of the deployment', values: deploymentStates },
      log_url: { type: 'text', required: false, description: 'Where its output is' },
      environment_url: { type: 'text', required: false, description: 'Where it can be seen' },
      description: { type: 'text', required: false, description: 'Short text; cut at 140 characters' },
      auto_inactive: { type: 'boolean', required: false, description: 'Success makes earlier deployments of the environment inactive; default true' },
    },
  },
  {
    name: 'comment',
    description: 'Comments on an issue or a change.',
    awaits: false,
    outputs: { comment: { type: 'integer', description: 'Id of the comment' }, url: { type: 'text', description: 'Address of the comment' } },
    fields: {
      repository,
      issue_number: { type: 'integer', required: true, description: 'Number of the issue or change' },
      body: { type: 'text', required: true, description: 'Markdown' },
    },
  },
  {
    name: 'set-status',
    description: 'Sets a commit status.',
    awaits: false,
    outputs: { id: { type: 'integer', description: 'Id of the commit status; of an App that of the check run' } },
    fields: {
      repository,
      sha: { type: 'text', required: true, description: 'Full commit id', faultOf: commitFault },
      state: { type: 'text', required: true, description: 'State of the commit', values: COMMIT_STATES },
      context: { type: 'text', required: false, description: 'Name that tells this status from others' },
      description: { type: 'text', required: false, description: 'Short text beside the status; cut at 140 characters' },
      target_url: { type: 'text', required: false, description: 'Link behind the status' },
    },
  },
];
