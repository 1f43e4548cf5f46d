import { createHash } from 'node:crypto';
import type { NewHook } from './hooks.js';

/** A run as a user's template tells of it. */
export interface Reported {
  type: 'pipelinerun.started' | 'pipelinerun.finished';
  data: Record<string, unknown> & { id: string };
}

/** The hook that the template makes: the documented form of docs/reference/run-report.md, under an id that a repetition keeps. */
export const reportHook = ({ type, data }: Reported): NewHook => {
  const delivery = createHash('sha256').update(JSON.stringify([type, data.id])).digest('hex').slice(0, 32);
  return { event: type, about: `${data.id} ${type}`, delivery, headers: { 'idempotency-key': delivery }, body: { type, timestamp: new Date().toISOString(), data } };
};

/** Senders that cannot sign have a fixed header. */
export const bearer = (token: string | undefined): Record<string, string> => (token === undefined ? {} : { authorization: `Bearer ${token}` });
