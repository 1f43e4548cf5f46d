import type { ConnectionCalls, Repeated } from '@stellwerk/connector-kit';
import { projectOf, type PipelineAnswer } from './gitlab.client.js';

/**
 * What a command repeats that sets a pipeline going again: the id stays, so only its last end, as read before the call, tells what was
 * there from what follows. @throws Refused, ReadFailed
 */
export const repeatOf = async (calls: ConnectionCalls, project: string, pipeline: PipelineAnswer): Promise<Repeated> => ({
  repository: await projectOf(calls, pipeline, project), id: String(pipeline.id), after: asInstant(pipeline.finished_at),
});

/** What cannot be read as a time is not told: an answer must not be refused for what only helps to judge it. */
const asInstant = (text: string | null | undefined): string | undefined => {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};
