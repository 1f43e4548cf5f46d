import type { ActionSchema } from '@stellwerk/contracts';
import { jobFault } from './field-faults.js';

export const jenkinsActions: readonly ActionSchema[] = [
  {
    name: 'start-build',
    description: 'Starts a build and waits for its end.',
    awaits: true,
    outputs: { number: { type: 'integer', description: 'Number of the build' } },
    fields: {
      job: { type: 'text', required: true, description: 'Job path, folders parted by /', faultOf: jobFault },
      branch: { type: 'text', required: false, description: 'Branch of a multibranch job, as Git calls it' },
      parameters: { type: 'text-map', required: false, description: 'Build parameters; Jenkins drops those the job does not declare' },
    },
  },
  {
    name: 'stop-build',
    description: 'Stops a build; done when it has ended.',
    awaits: false,
    outputs: {},
    fields: {
      job: { type: 'text', required: true, description: 'Job path, folders parted by /', faultOf: jobFault },
      branch: { type: 'text', required: false, description: 'Branch of a multibranch job, as Git calls it' },
      number: { type: 'integer', required: true, description: 'Number of the build, e.g. ${{ event.run.number }}' },
    },
  },
];
