import { instant } from '../shared/instants.js';
import { identifier, shape, text, type ReadBy } from '../shared/read.js';

/** An execution as `GET /api/v1/executions/{id}` shows it; its data is not read. */
export const n8nExecution = shape({ id: identifier, workflowId: identifier, status: text, mode: text, startedAt: instant, stoppedAt: instant });

export type N8nExecution = NonNullable<ReadBy<typeof n8nExecution>>;
