import type { HookContext, Translation } from '../hook-platform.js';
import { asTranslation } from '../shared/drafts.js';
import { isRecord } from '../shared/read.js';
import { tellRun } from '../shared/run-report.js';
import { outcomeOfArgoWorkflow } from './outcomes.js';

/** What an exit handler's `http` template sends: a run report whose id is the workflow's name and whose repository is its namespace. */
export const translateArgoWorkflows = (body: unknown, context: HookContext): Translation => {
  if (!isRecord(body)) throw new TypeError('The body is no JSON object');
  return asTranslation(tellRun(body, { outcomeOf: outcomeOfArgoWorkflow }), context);
};
