import type { HookContext, Translation } from '../hook-platform.js';
import { asTranslation } from '../shared/drafts.js';
import { isRecord } from '../shared/read.js';
import { tellRun } from '../shared/run-report.js';
import { outcomeOfArgoCd } from './outcomes.js';

/**
 * What Argo CD's notifications send: a run report whose repository is `namespace/application` and whose id is the time the operation began;
 * a sync of ours is known by `stellwerkId`, from the operation's `info`.
 */
export const translateArgoCd = (body: unknown, context: HookContext): Translation => {
  if (!isRecord(body)) throw new TypeError('The body is no JSON object');
  return asTranslation(tellRun(body, { outcomeOf: outcomeOfArgoCd, namedByCommand: true }), context);
};
