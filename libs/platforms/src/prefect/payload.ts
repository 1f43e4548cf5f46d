import { instant } from '../shared/instants.js';
import { identifier, list, shape, text, textUpTo, type ReadBy } from '../shared/read.js';

/** A flow run as `GET /flow_runs/{id}` shows it; parameters and variables are not read. */
export const prefectFlowRun = shape({
  id: identifier, name: text, flow_id: identifier, deployment_id: identifier, idempotency_key: textUpTo(300), state_type: text, state_name: text,
  run_count: (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : undefined),
  start_time: instant, end_time: instant, expected_start_time: instant, state: shape({ timestamp: instant, message: text }), tags: list(text, 100),
});

export type PrefectFlowRun = NonNullable<ReadBy<typeof prefectFlowRun>>;
