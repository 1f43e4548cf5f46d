import { factByJobs } from '@stellwerk/contracts';
import type { RunRecord } from '@stellwerk/flows';

/** The fact that a flow starts by once. */
export const factOf = ({ cause, event }: Pick<RunRecord, 'cause' | 'event'>): string => cause ?? event.fact;

/** Its second name, by the jobs of the run that ended (ADR 24). A round of a join has none: its parts are known by both. */
export const jobsFactOf = ({ cause, event }: Pick<RunRecord, 'cause' | 'event'>): string | undefined => (cause === undefined ? factByJobs(event) : undefined);
