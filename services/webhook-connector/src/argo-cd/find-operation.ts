import { commandOfOperation, type ArgoCdApplication } from '@stellwerk/platforms';

export type FoundOperation = { kind: 'ours' } | { kind: 'absent' } | { kind: 'cannot'; reason: string };

/**
 * Clocks of Argo CD and ours may differ by so much. More would call every application that was just synced undecidable; less sure is only what a
 * sync that came and went within these seconds did, and a second one changes nothing then.
 */
const CLOCK_SKEW_MS = 2_000;

/** True when an operation is ordered or goes on. */
export const isBusy = ({ operation }: ArgoCdApplication): boolean => operation !== undefined;

/** True when the operation that was ordered last is this command's. */
export const isOurs = ({ operation, status }: ArgoCdApplication, commandId: string): boolean =>
  [operation, status?.operationState?.operation].some((one) => commandOfOperation(one) === commandId);

/** When the last operation began, as an application shows it; empty when it shows none. */
export const begunAt = ({ status }: ArgoCdApplication): string => status?.operationState?.startedAt ?? '';

export interface SoughtOperation {
  commandId: string;
  /** Begin of the first send. */
  sentAt: Date;
  /** `begunAt` right before the call, where this process made it. */
  before?: string;
}

/**
 * Whether a command's sync was taken. An application shows its last operation only: when another has begun since the call, ours may have
 * come and gone before it.
 */
export const findOperation = (application: ArgoCdApplication, { commandId, sentAt, before }: SoughtOperation): FoundOperation => {
  if (isOurs(application, commandId)) return { kind: 'ours' };
  const startedAt = begunAt(application);
  // One that was ordered and has not begun wipes out what the last one left.
  const unseen = application.operation !== undefined && startedAt === '';
  const another = before === undefined ? Date.parse(startedAt) >= sentAt.getTime() - CLOCK_SKEW_MS : startedAt !== before;
  if (unseen || another) {
    return { kind: 'cannot', reason: 'another operation of the application began since the call, and Argo CD shows only the last one' };
  }
  return { kind: 'absent' };
};
