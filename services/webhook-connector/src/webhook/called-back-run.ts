import type { Connection, StartedRun } from '@stellwerk/connector-kit';

/** The run that a signed call back will tell of: the same connection and name that the translator of hooks gives it. */
export const calledBackRun = ({ name }: Connection, id: string): StartedRun => ({ id, attempt: 1, repository: name, pipeline: name });
