import type { RunAnswer } from '../github.client.js';

export interface Sought {
  commandId: string;
  /** File name, path, name or id of the workflow. */
  workflow: string;
  /** Absent where the platform chooses it. */
  ref?: string;
  /** Begin of the first send. */
  sentAt: Date;
  /** Who we are to GitHub, when known. */
  login?: string;
}

export type Found =
  | { kind: 'echoed'; run: RunAnswer }
  /** Nothing ties them to us but place and time. */
  | { kind: 'candidates'; certain: RunAnswer[]; early: RunAnswer[] };

/** GitHub writes times to the second. */
export const ROUNDING_MS = 1_000;
/** A run that seems to be this much older than the call may still be ours: clocks differ. */
export const CLOCK_SKEW_MS = 15_000;

const isOfWorkflow = (run: RunAnswer, workflow: string): boolean => {
  if (run.path === undefined) return true;
  const path = run.path.split('@', 1)[0]!;
  return path === workflow || path.endsWith(`/${workflow}`) || String(run.workflow_id) === workflow || run.name === workflow;
};

const plainRef = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, '');

/** A title with another command's id is another command's run. */
export const showsAnId = (run: RunAnswer): boolean => /:(run|rollback):\d+/.test(run.display_title ?? '');

const couldBeOurs = (run: RunAnswer, sought: Sought): boolean =>
  isOfWorkflow(run, sought.workflow) &&
  (sought.ref === undefined || run.head_branch === undefined || run.head_branch === null || run.head_branch === plainRef(sought.ref)) &&
  (sought.login === undefined || run.actor?.login === undefined || run.actor.login === sought.login) &&
  !showsAnId(run);

/** Whether a title shows this command's id: `…:run:1` is none of `…:run:10`. */
export const showsId = (title: string | undefined, commandId: string): boolean =>
  title !== undefined && title.split(commandId).slice(1).some((rest) => !/^\d/.test(rest));

const createdAt = (run: RunAnswer): number => Date.parse(run.created_at ?? '');

/** Runs among the listed that an unsettled dispatch may have started. GitHub shows no inputs: only a title can echo our id. */
export const findRun = (runs: readonly RunAnswer[], sought: Sought): Found => {
  const echoed = runs.find((run) => isOfWorkflow(run, sought.workflow) && showsId(run.display_title, sought.commandId));
  if (echoed) return { kind: 'echoed', run: echoed };
  const sent = sought.sentAt.getTime();
  const ours = runs.filter((run) => couldBeOurs(run, sought));
  return {
    kind: 'candidates',
    certain: ours.filter((run) => createdAt(run) >= sent - ROUNDING_MS),
    early: ours.filter((run) => createdAt(run) < sent - ROUNDING_MS && createdAt(run) >= sent - CLOCK_SKEW_MS),
  };
};
