import { frozenUntil, type Frozen } from '../../schedule/frozen-until.js';
import { stepOf } from '../graph.js';
import type { Draft, EnvironmentRules } from '../plan.js';
import type { StepRecord } from '../run-record.js';
import { startAttempt } from '../start-work.js';
import { askForApproval } from './approval.js';
import { giveBack } from '../step-slot.js';
import { closeGate, openGate, setGateClock } from './gate.js';

/** A window that people shorten or take away is noticed within this time; the clock of a step was set when it was longer. */
const LOOK_AGAIN_MS = 5 * 60_000;

const rulesOf = ({ flow, facts }: Draft, step: StepRecord): EnvironmentRules | undefined => {
  const { environment } = stepOf(flow, step.name);
  return environment !== undefined && Object.hasOwn(facts.environments, environment) ? facts.environments[environment] : undefined;
};

/**
 * Starts the step's first attempt as soon as its environment lets it: no freeze, then approval. People may take longer than a freeze needs to
 * begin, so it is looked for once more when they have approved. What has begun goes on in a freeze, its retries too.
 */
export const enterEnvironment = (draft: Draft, step: StepRecord): void => {
  const rules = rulesOf(draft, step);
  const { environment } = stepOf(draft.flow, step.name);
  const frozen = rules?.freeze && frozenUntil(rules.freeze, draft.facts.now);
  if (frozen) return waitForThaw(draft, step, frozen);
  closeGate(draft, step);
  if (rules?.approve && step.run.approved !== true) return askForApproval(draft, step, rules.approve, environment);
  startAttempt(draft, step, 'run');
};

const waitForThaw = (draft: Draft, step: StepRecord, { until, reasons }: Frozen): void => {
  const { environment } = stepOf(draft.flow, step.name);
  const why = `environment ${environment} is frozen until ${until.toISOString()}${reasons.length === 0 ? '' : `: ${reasons.join(', then ')}`}`;
  // Its turn may come in a freeze that began while it stood in line: what may still go on there, the undoing of others, needs the place.
  giveBack(draft, step);
  if (step.run.gate?.kind !== 'freeze') openGate(draft, step, 'freeze', why);
  step.run.reason = why;
  step.run.gate!.until = until.toISOString();
  setGateClock(draft, step, new Date(Math.min(until.getTime(), draft.facts.now.getTime() + LOOK_AGAIN_MS)));
};
