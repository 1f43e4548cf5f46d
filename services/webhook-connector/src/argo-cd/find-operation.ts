import { commandOfOperation, type ArgoCdApplication } from '@stellwerk/platforms';

export type FoundOperation = { kind: 'ours' } | { kind: 'absent' } | { kind: 'cannot'; reason: string };

/** Clocks of Argo CD and ours may differ by so much. */
const CLOCK_SKEW_MS = 15_000;

/** True when an operation is ordered or goes on. */
export const isBusy = ({ operation }: ArgoCdApplication): boolean => operation !== undefined;

/** True when the operation that was ordered last is this command's. */
export const isOurs = ({ operation, status }: ArgoCdApplication, commandId: string): boolean =>
  [operation, status?.operationState?.operation].some((one) => commandOfOperation(one) === commandId);

/**
 * Whether a command's sync was taken. An application shows its last operation only: when another has begun since the call, ours may have
 * come and gone before it.
 */
export const findOperation = (application: ArgoCdApplication, { commandId, sentAt }: { commandId: string; sentAt: Date }): FoundOperation => {
  if (isOurs(application, commandId)) return { kind: 'ours' };
  const { operation, status } = application;
  const startedAt = status?.operationState?.startedAt;
  const since = sentAt.getTime() - CLOCK_SKEW_MS;
  // One that was ordered and has not begun wipes out what the last one left.
  const unseen = operation !== undefined && startedAt === undefined;
  if (unseen || (startedAt !== undefined && Date.parse(startedAt) >= since)) {
    return { kind: 'cannot', reason: 'another operation of the application began since the call, and Argo CD shows only the last one' };
  }
  return { kind: 'absent' };
};
