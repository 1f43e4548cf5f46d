import type { ActionSchema, FieldSpec } from '@stellwerk/contracts';
import { commitFault } from '../shared/field-faults.js';
import { projectFault } from './field-faults.js';

/** https://docs.gitlab.com/api/commits/#set-commit-pipeline-status: the only words it takes. */
const COMMIT_STATES = ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] as const;

const project: FieldSpec = { type: 'text', required: true, description: 'group/project, or the numeric id', faultOf: projectFault };
const number = (description: string, required = false): FieldSpec => ({ type: 'integer', required, description });

export const gitlabActions: readonly ActionSchema[] = [
  {
    name: 'trigger-pipeline',
    description: 'Creates a pipeline and waits for its end.',
    awaits: true,
    outputs: { pipeline: { type: 'integer', description: 'Id of the pipeline' }, iid: { type: 'integer', description: 'Its number within the project, where GitLab tells it' } },
    fields: {
      project,
      ref: { type: 'text', required: true, description: 'Branch or tag to run on' },
      variables: { type: 'text-map', required: false, description: 'Pipeline variables; a project may forbid them, inputs are always taken' },
      inputs: { type: 'map', required: false, description: 'Typed inputs the pipeline declares (GitLab 17.10 or later)' },
      token: { type: 'secret', required: false, description: 'Pipeline trigger token; without it the access token of the connection is used' },
    },
  },
  {
    name: 'set-status',
    description: 'Sets a status on a commit; it becomes a job of one of its pipelines.',
    awaits: false,
    outputs: { id: { type: 'integer', description: 'Id of the status; absent when it was set before' } },
    fields: {
      project,
      sha: { type: 'text', required: true, description: 'Full commit id', faultOf: commitFault },
      state: { type: 'text', required: true, description: 'State of the commit', values: COMMIT_STATES },
      name: { type: 'text', required: false, description: 'Name that tells this status from others' },
      ref: { type: 'text', required: false, description: 'Branch or tag, where the commit is on several; not looked at with `pipeline`' },
      pipeline: number('Pipeline of the commit that gets it; without it the newest one'),
      description: { type: 'text', required: false, description: 'Short text beside the status; cut at 255 characters' },
      target_url: { type: 'text', required: false, description: 'Link behind the status' },
    },
  },
  {
    name: 'retry',
    description: 'Runs the failed and cancelled jobs of a pipeline again, under its id.',
    awaits: false,
    outputs: {},
    repeats: 'pipeline',
    fields: { project, pipeline: number('Pipeline, e.g. ${{ event.run.id }}', true) },
  },
  {
    name: 'cancel',
    description: 'Cancels a pipeline; done when it has ended or is on its way to.',
    awaits: false,
    outputs: {},
    fields: { project, pipeline: number('Pipeline, e.g. ${{ event.run.id }}', true) },
  },
  {
    name: 'play-job',
    description: 'Starts a manual job that waits.',
    awaits: false,
    outputs: { job: { type: 'integer', description: 'Id of the job' } },
    repeats: 'pipeline',
    fields: {
      project,
      job: { type: 'any', required: true, description: 'Id of the job; with `pipeline` its name', idWithout: 'pipeline' },
      pipeline: number('Pipeline in which the job is looked for by its name'),
      variables: { type: 'text-map', required: false, description: 'Variables of the job; a project may forbid them' },
    },
  },
  {
    name: 'comment',
    description: 'Comments on a merge request, an issue or a commit: one of `change`, `issue` and `sha`.',
    awaits: false,
    outputs: { comment: { type: 'integer', description: 'Id of the comment; those on commits have none' } },
    exactlyOne: ['change', 'issue', 'sha'],
    fields: {
      project,
      change: number('Number (iid) of the merge request, e.g. ${{ event.change.number }}'),
      issue: number('Number (iid) of the issue'),
      sha: { type: 'text', required: false, description: 'Full commit id', faultOf: commitFault },
      body: { type: 'text', required: true, description: 'Markdown; GitLab is given no orders by it (/merge is text)' },
    },
  },
];
