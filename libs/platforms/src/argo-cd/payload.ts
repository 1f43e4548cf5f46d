import { instant } from '../shared/instants.js';
import { identifier, list, shape, text, textUpTo, type ReadBy } from '../shared/read.js';

/** Name of the operation's info under which our command's id stands. */
export const COMMAND_INFO = 'stellwerk-command';

const operation = shape({
  info: list(shape({ name: text, value: textUpTo(300) }), 50),
  sync: shape({ revision: text }),
  initiatedBy: shape({ username: text, automated: (value: unknown) => (typeof value === 'boolean' ? value : undefined) }),
});

/** An application as `GET /api/v1/applications/{name}` shows it. */
export const argoCdApplication = shape({
  metadata: shape({ name: identifier, namespace: identifier }),
  operation,
  status: shape({
    operationState: shape({
      operation, phase: text, message: textUpTo(1_000), startedAt: instant, finishedAt: instant, syncResult: shape({ revision: text }),
    }),
    sync: shape({ status: text, revision: text }),
    health: shape({ status: text }),
  }),
});

export type ArgoCdApplication = NonNullable<ReadBy<typeof argoCdApplication>>;
export type ArgoCdOperation = NonNullable<ReadBy<typeof operation>>;
