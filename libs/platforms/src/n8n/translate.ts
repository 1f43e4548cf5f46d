import type { HookContext, Translation } from '../hook-platform.js';
import { asTranslation } from '../shared/drafts.js';
import { isRecord } from '../shared/read.js';
import { tellRun } from '../shared/run-report.js';
import { outcomeOfN8n } from './outcomes.js';

/** What an HTTP Request node sends: a run report whose id is the execution's and whose repository is the workflow's id. */
export const translateN8n = (body: unknown, context: HookContext): Translation => {
  if (!isRecord(body)) throw new TypeError('The body is no JSON object');
  return asTranslation(tellRun(body, { outcomeOf: outcomeOfN8n }), context);
};
