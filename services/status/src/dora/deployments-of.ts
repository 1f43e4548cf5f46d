import { FINAL_RUN_STATES, pipelineOf, type Attempt, type RunSnapshot, type StepSnapshot } from '@stellwerk/contracts';

export interface DeploymentKey {
  run: string;
  step: string;
  /** Of the last attempt: a person's retry goes on counting, so each end of the step is a deployment of its own. */
  number: number;
}

/** A deployment as it is written down. */
export interface Deployment extends DeploymentKey {
  version: number;
  environment: string;
  flow: string;
  /** Of the pipeline. */
  repository: string;
  sha: string;
  state: 'succeeded' | 'failed';
  /** A person had the run retried: it was not planned. */
  again: boolean;
  /** It had to be rolled back: the rollback was begun, or could not even begin. */
  undone: boolean;
  finished_at: string;
  /** When its rollback had succeeded. */
  restored_at?: string;
}

/**
 * The deployments of a run that have ended: steps with an environment that their platform carried out, well or not. What was skipped,
 * cancelled, or not taken by the platform changed nothing there, so it is none. `moved`: the steps that changed with this version; absent: any may have.
 */
export const deploymentsOf = (run: RunSnapshot, moved?: readonly string[]): Deployment[] => run.steps.flatMap((step) => {
  const { name, environment, state, finishedAt } = step;
  const last = step.attempts?.at(-1);
  if (environment === undefined || finishedAt === undefined || last === undefined || !mayBeNews(run, step, moved)) return [];
  if (state !== 'succeeded' && !(state === 'failed' && triesOf(run, step.attempts).some(wasThere))) return [];
  const undo = step.rollback?.attempts ?? [];
  return [{
    run: run.id, step: name, number: last.number, version: run.version, environment, flow: run.flow, repository: pipelineOf(run).repository ?? '', sha: run.event.sha ?? '',
    state, again: run.retried !== undefined && isSince(last, run.retried.at), undone: undo.length > 0 || step.rollback?.state === 'failed', finished_at: finishedAt,
    ...(step.rollback?.state === 'succeeded' && { restored_at: undo.at(-1)?.finishedAt }),
  }];
});

/** At its end a run tells all of them once more: what a version of before this table did not write down is made good by it. */
const mayBeNews = ({ state }: RunSnapshot, { name, rollback }: StepSnapshot, moved: readonly string[] | undefined): boolean =>
  moved === undefined || moved.includes(name) || rollback !== undefined || FINAL_RUN_STATES.includes(state);

const isSince = ({ startedAt }: Attempt, at: string): boolean => startedAt !== undefined && Date.parse(startedAt) >= Date.parse(at);

/** Those since a person last had the run retried; of a step that was not done anew, all. */
const triesOf = ({ retried }: RunSnapshot, attempts: readonly Attempt[]): readonly Attempt[] => {
  const since = retried ? attempts.filter((attempt) => isSince(attempt, retried.at)) : [];
  return since.length > 0 ? since : attempts;
};

/** The platform took it: an error without a run is an order that was refused. */
const wasThere = ({ run, outcome }: Attempt): boolean => run !== undefined || outcome === 'failure' || outcome === 'timeout';

const keyOf = ({ run, step, number }: DeploymentKey): string => `${run}\n${step}\n${number}`;

/** Of each deployment what was told last, in the order of their keys: replicas that write the same lock alike. */
export const newestOfEach = (deployments: readonly Deployment[]): Deployment[] => {
  const newest = new Map(deployments.toSorted((one, other) => one.version - other.version).map((one) => [keyOf(one), one]));
  return [...newest.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
};
