import type { Reported } from '../kit/run-reports.js';
import { toSecond } from '../kit/time.js';
import { hasEnded, type Operation } from './applications.js';

export const NAMESPACE = 'argocd';
const REVISION = '9c1c1f7e9c1c1f7e9c1c1f7e9c1c1f7e9c1c1f7e';

const time = (at: string | undefined): string | undefined => (at === undefined ? undefined : toSecond(at));

const operationState = (shown: Operation): Record<string, unknown> => ({
  operation: shown.operation, phase: shown.phase, message: shown.message, startedAt: time(shown.startedAt), finishedAt: time(shown.finishedAt),
  syncResult: { revision: REVISION },
});

/** `operation` stands there from the order to the end; ordering wipes out the state of the one before. */
export const applicationView = (name: string, { project = 'default' }: { project?: string }, shown: Operation | undefined): Record<string, unknown> => ({
  metadata: { name, namespace: NAMESPACE },
  spec: { project },
  ...(shown && !hasEnded(shown) ? { operation: shown.operation } : {}),
  status: {
    sync: { status: shown?.phase === 'Succeeded' ? 'Synced' : 'OutOfSync', revision: REVISION }, health: { status: 'Healthy' },
    ...(shown?.phase ? { operationState: operationState(shown) } : {}),
  },
});

/** What the notification of the how-to sends. */
export const reportOf = (operation: Operation, root: string): Reported => ({
  type: 'pipelinerun.finished',
  data: {
    id: toSecond(operation.startedAt!), repository: `${NAMESPACE}/${operation.application}`, pipeline: operation.application, sha: REVISION,
    outcome: operation.phase, message: operation.message, url: `${root}/applications/${NAMESPACE}/${operation.application}`,
    startedAt: time(operation.startedAt), finishedAt: time(operation.finishedAt),
    stellwerkId: operation.operation.info?.find(({ name }) => name === 'stellwerk-command')?.value ?? '',
  },
});
