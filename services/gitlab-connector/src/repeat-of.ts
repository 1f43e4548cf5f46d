import type { ConnectionCalls, Repeated } from '@stellwerk/connector-kit';
import { projectOf, type PipelineAnswer } from './gitlab.client.js';

/**
 * What a command repeats that sets a pipeline going again: the id stays, so only its last end, as read before the call, tells what was
 * there from what follows. @throws Refused, ReadFailed
 */
export const repeatOf = async (calls: ConnectionCalls, project: string, pipeline: PipelineAnswer): Promise<Repeated> => ({
  repository: await projectOf(calls, pipeline, project), id: String(pipeline.id), after: pipeline.finished_at ?? undefined,
});
