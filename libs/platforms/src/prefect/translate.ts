import type { HookContext, Translation } from '../hook-platform.js';
import { asTranslation } from '../shared/drafts.js';
import { isRecord } from '../shared/read.js';
import { tellRun } from '../shared/run-report.js';
import { outcomeOfPrefect } from './outcomes.js';

/** What an automation's `call-webhook` action sends: its payload is a template of the user, so it is a run report. `message` may be the state's name. */
export const translatePrefect = (body: unknown, context: HookContext): Translation => {
  if (!isRecord(body)) throw new TypeError('The body is no JSON object');
  return asTranslation(tellRun(body, { outcomeOf: outcomeOfPrefect }), context);
};
