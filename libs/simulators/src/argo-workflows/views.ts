import type { Reported } from '../kit/run-reports.js';
import type { SmallRun } from '../kit/small-runs.js';
import { toSecond } from '../kit/time.js';

const time = (at: string | undefined): string | null => (at === undefined ? null : toSecond(at));
const STOPPED = 'Stopped';

/** Ids of runs are `namespace/name`. */
const namesOf = ({ id }: SmallRun): { namespace: string; name: string } => {
  const [namespace = '', name = ''] = id.split('/');
  return { namespace, name };
};

/** A stopped workflow is Failed, and its message says why. */
export const phaseOf = (run: SmallRun): { phase?: string; message?: string } => {
  if (run.state === 'waiting') return {};
  if (run.state === 'running') return { phase: 'Running' };
  if (run.result === STOPPED) return { phase: 'Failed', message: "Stopped with strategy 'Stop'" };
  return run.result === 'Failed' ? { phase: 'Failed', message: 'child failed' } : { phase: run.result };
};

export const workflowView = (run: SmallRun): Record<string, unknown> => {
  const { name, namespace } = namesOf(run);
  return {
    metadata: { name, namespace, uid: run.details['uid'], creationTimestamp: toSecond(run.createdAt), labels: run.details['labels'], annotations: run.details['annotations'] },
    spec: { arguments: { parameters: run.details['parameters'] }, workflowTemplateRef: { name: run.details['template'] } },
    status: { ...phaseOf(run), startedAt: time(run.startedAt), finishedAt: time(run.endedAt) },
  };
};

/** What the exit handler of the how-to sends: it runs before the workflow's own end is written. */
export const reportOf = (run: SmallRun, root: string): Reported => {
  const { name, namespace } = namesOf(run);
  const annotations = run.details['annotations'] as Record<string, string>;
  return {
    type: 'pipelinerun.finished',
    data: {
      id: name, repository: namespace, pipeline: run.details['template'], outcome: phaseOf(run).phase, message: phaseOf(run).message, url: `${root}/workflows/${run.id}`,
      stellwerkId: annotations['stellwerk.dev/command'] ?? '',
    },
  };
};
