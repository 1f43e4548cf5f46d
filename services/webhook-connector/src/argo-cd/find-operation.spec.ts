import type { ArgoCdApplication } from '@stellwerk/platforms';
import { describe, expect, it } from 'vitest';
import { findOperation } from './find-operation.js';

const COMMAND = '8f14e45f-ceea-8167-a5a3-6dedd4bea254:call:run:1';
const sentAt = new Date('2026-11-24T08:00:00Z');
const ours = { info: [{ name: 'stellwerk-command', value: COMMAND }] };
const find = (application: ArgoCdApplication) => findOperation(application, { commandId: COMMAND, sentAt }).kind;

describe('whether a sync was taken', () => {
  it('is shown by the operation that is ordered, goes on or has ended', () => {
    expect(find({ operation: ours })).toBe('ours');
    expect(find({ status: { operationState: { operation: ours, phase: 'Succeeded', startedAt: '2026-11-24T08:00:01.000Z' } } })).toBe('ours');
  });

  it('is surely not, when none has begun since the call', () => {
    expect(find({})).toBe('absent');
    expect(find({ status: { operationState: { operation: {}, startedAt: '2026-11-24T07:00:00.000Z' } } })).toBe('absent');
    expect(find({ operation: {}, status: { operationState: { operation: {}, startedAt: '2026-11-24T07:00:00.000Z' } } })).toBe('absent');
  });

  it('cannot be told when another has begun since, clocks being what they are', () => {
    for (const startedAt of ['2026-11-24T08:00:05.000Z', '2026-11-24T07:59:58.000Z']) expect(find({ status: { operationState: { operation: {}, startedAt } } })).toBe('cannot');
    expect(find({ operation: {} })).toBe('cannot');
  });

  it('is told exactly by what was shown right before the call, clocks or not', () => {
    const shown = (startedAt: string) => ({ status: { operationState: { operation: {}, startedAt } } });
    const since = (before: string, startedAt: string) => findOperation(shown(startedAt), { commandId: COMMAND, sentAt, before }).kind;
    expect(since('2026-11-24T07:59:59.000Z', '2026-11-24T07:59:59.000Z')).toBe('absent');
    expect(since('2026-11-24T07:00:00.000Z', '2026-11-24T07:59:00.000Z')).toBe('cannot');
    expect(since('', '2026-11-24T07:59:00.000Z')).toBe('cannot');
    expect(findOperation({}, { commandId: COMMAND, sentAt, before: '' }).kind).toBe('absent');
  });

  it('is not told by the id of another command', () => {
    expect(find({ status: { operationState: { operation: { info: [{ name: 'stellwerk-command', value: COMMAND.replace(/1$/, '2') }] }, startedAt: '2026-11-24T07:00:00.000Z' } } })).toBe('absent');
  });
});
