import type { Reported } from '../kit/run-reports.js';
import type { SmallRun } from '../kit/small-runs.js';
import { uuidOf } from './service.js';

const NAMES: Record<string, string> = { COMPLETED: 'Completed', FAILED: 'Failed', CANCELLED: 'Cancelled', CRASHED: 'Crashed', SCHEDULED: 'Scheduled', RUNNING: 'Running', CANCELLING: 'Cancelling' };

/** Type and name of the state; the outcome `TimedOut` is FAILED by type. */
export const stateOf = (run: SmallRun): { type: string; name: string } => {
  const cancelling = run.details['cancelling'] === true && run.state !== 'ended';
  const word = cancelling ? 'CANCELLING' : run.state === 'waiting' ? 'SCHEDULED' : run.state === 'running' ? 'RUNNING' : run.result!;
  return word === 'TimedOut' ? { type: 'FAILED', name: word } : { type: word, name: NAMES[word] ?? word };
};

/** schemas/responses.py: FlowRunResponse, the fields that mean something here. */
export const flowRunView = (run: SmallRun): Record<string, unknown> => {
  const { type, name } = stateOf(run);
  return {
    id: run.id, created: run.createdAt, updated: run.endedAt ?? run.startedAt ?? run.createdAt, name: run.details['name'],
    flow_id: uuidOf(`flow ${run.key.split('/')[0]}`), deployment_id: uuidOf(`deployment ${run.key}`), idempotency_key: run.details['key'] ?? null,
    parameters: run.details['parameters'], tags: run.details['tags'], run_count: run.state === 'waiting' ? 0 : 1, state_type: type, state_name: name,
    expected_start_time: run.createdAt, start_time: run.startedAt ?? null, end_time: run.endedAt ?? null,
    state: { type, name, timestamp: run.endedAt ?? run.startedAt ?? run.createdAt, message: '' },
  };
};

/** What the automation of the how-to sends. */
export const reportOf = (run: SmallRun, root: string): Reported => ({
  type: run.state === 'ended' ? 'pipelinerun.finished' : 'pipelinerun.started',
  data: {
    id: run.id, repository: run.key, pipeline: run.key.split('/')[0], outcome: stateOf(run).type, message: stateOf(run).name, url: `${root}/runs/flow-run/${run.id}`,
    startedAt: run.startedAt, finishedAt: run.endedAt, stellwerkId: run.details['key'] ?? '',
  },
});
