import { describe, expect, it } from 'vitest';
import { isToldEnd, mayBeMissed, nextReading } from './pipeline-cursor.js';

const now = new Date('2026-11-24T12:00:00Z');
const at = '2026-11-24T10:00:00.400Z';
const told = (finishedAt: string) => ({ started: true, finishedAt: new Date(finishedAt) });

describe('a project is read', () => {
  it('from where the last reading stopped, but for hooks that may be on their way', () =>
    expect(nextReading('2026-11-24T11:00:00Z', now)).toEqual({ from: '2026-11-24T10:59:00.000Z', to: '2026-11-24T11:59:00.000Z', cut: false }));
  it('at most a day back, which is said', () => expect(nextReading('2026-11-20T00:00:00Z', now)).toMatchObject({ from: '2026-11-23T12:00:00.000Z', cut: true }));
});

describe('a pipeline', () => {
  it('that ended may be missed when no end was told, or one before it changed again', () => {
    expect(mayBeMissed({ id: 1, status: 'success', updated_at: at }, undefined)).toBe(true);
    expect(mayBeMissed({ id: 1, status: 'failed', updated_at: at }, { started: true })).toBe(true);
    expect(mayBeMissed({ id: 1, status: 'success', updated_at: at }, told('2026-11-24T10:00:00Z'))).toBe(false);
    expect(mayBeMissed({ id: 1, status: 'success', updated_at: at }, told('2026-11-24T09:00:00Z'))).toBe(true);
  });
  it('that runs may be missed when nothing was told of it', () => {
    expect(mayBeMissed({ id: 1, status: 'running', updated_at: at }, undefined)).toBe(true);
    expect(mayBeMissed({ id: 1, status: 'running', updated_at: at }, { started: true })).toBe(false);
  });
  it('that has not begun is not', () => expect(mayBeMissed({ id: 1, status: 'pending', updated_at: at }, undefined)).toBe(false));
  it('was told to its end, to the second', () => {
    expect(isToldEnd('2026-11-24T10:00:00.733Z', told('2026-11-24T10:00:00Z'))).toBe(true);
    expect(isToldEnd('2026-11-24T10:00:01Z', told('2026-11-24T10:00:00Z'))).toBe(false);
    expect(isToldEnd('2026-11-24T10:00:00Z', undefined)).toBe(false);
  });
});
