import { nameOfCommand } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { argoCdOperationEvents, argoWorkflowEvents, hookPlatforms, n8nExecutionEvents, prefectFlowRunEvents, type PollContext, type TranslatedEvent } from '../index.js';

const COMMAND = '8f14e45f-ceea-8167-a5a3-6dedd4bea254:call:run:1';
const URL = 'https://platform.example.com/run/1';
const RECEIVED = new Date('2026-11-24T08:30:00Z');
type Platform = 'prefect' | 'argo-workflows' | 'argo-cd' | 'n8n';

const polling = (platform: Platform): PollContext => ({ connection: 'c', platform, origin: 'https://platform.example.com', receivedAt: RECEIVED });
const hooked = (platform: Platform, type: string, data: object): TranslatedEvent =>
  hookPlatforms[platform]!.translate({ type, timestamp: '2026-11-24T08:10:00Z', data }, { ...polling(platform), hookId: 'c:1', headers: {} }).events[0]!;

const RUN = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const flowRun = (state: string, name: string, more: object = {}) =>
  ({ id: RUN, idempotency_key: COMMAND, state_type: state, state_name: name, start_time: '2026-11-24T08:00:00Z', end_time: null, parameters: { password: 'hunter2' }, ...more });
const prefect = (answer: unknown) => prefectFlowRunEvents(answer, { repository: 'etl/nightly', url: URL }, polling('prefect'));
const workflow = (status: object) => ({ metadata: { name: 'w1', namespace: 'argo', annotations: { 'stellwerk.dev/command': COMMAND } }, spec: { arguments: { parameters: ['hunter2'] } }, status });
const argo = (answer: unknown) => argoWorkflowEvents(answer, { repository: 'argo', pipeline: 'build', url: URL }, polling('argo-workflows'));
const application = (operationState: object | undefined, info: object[] = [{ name: 'stellwerk-command', value: COMMAND }]) => ({
  metadata: { name: 'shop', namespace: 'argocd' },
  status: { health: { status: 'Progressing' }, sync: { status: 'Synced' }, ...(operationState && { operationState: { operation: { info }, startedAt: '2026-11-24T08:00:00Z', ...operationState } }) },
});
const argoCd = (answer: unknown) => argoCdOperationEvents(answer, URL, polling('argo-cd'));
const n8n = (status: string) => n8nExecutionEvents({ id: 7, workflowId: 'wf', status, startedAt: '2026-11-24T08:00:00Z', stoppedAt: null, data: { x: 'hunter2' } }, { repository: 'wf', url: URL, correlation: COMMAND }, polling('n8n'));

describe('hook and poll tell one fact', () => {
  it.each([
    ['prefect', prefect(flowRun('COMPLETED', 'Completed', { end_time: '2026-11-24T08:10:00Z' })), hooked('prefect', 'pipelinerun.finished', { id: RUN, repository: 'etl/nightly', outcome: 'COMPLETED', stellwerkId: COMMAND })],
    ['argo-workflows', argo(workflow({ phase: 'Failed', message: 'no' })), hooked('argo-workflows', 'pipelinerun.finished', { id: 'w1', repository: 'argo', outcome: 'Failed', stellwerkId: COMMAND })],
    ['argo-cd', argoCd(application({ phase: 'Succeeded' })), hooked('argo-cd', 'pipelinerun.finished', { id: '2026-11-24T08:00:00Z', repository: 'argocd/shop', outcome: 'Succeeded', stellwerkId: COMMAND })],
    ['n8n', n8n('success'), hooked('n8n', 'pipelinerun.finished', { id: '7', repository: 'wf', outcome: 'success', stellwerkId: COMMAND })],
  ] as const)('%s', (_, [polled], hook) => {
    expect(polled!.fact).toBe(hook.fact);
    expect(polled!.subject).toBe(hook.subject);
    expect(polled!.data.outcome).toBe(hook.data.outcome);
    expect([polled!.data.correlation, hook.data.correlation]).toEqual([COMMAND, COMMAND]);
  });
});

describe('what a poll sees', () => {
  it.each([
    ['SCHEDULED', 'Late', { start_time: null }, 'queued', undefined], ['PENDING', 'Pending', { start_time: null }, 'queued', undefined],
    ['SCHEDULED', 'AwaitingRetry', {}, 'started', undefined], ['RUNNING', 'Running', {}, 'started', undefined], ['PAUSED', 'Suspended', {}, 'started', undefined],
    ['CANCELLING', 'Cancelling', {}, 'started', undefined], ['COMPLETED', 'Cached', {}, 'finished', 'success'], ['FAILED', 'Failed', {}, 'finished', 'failure'],
    ['FAILED', 'TimedOut', {}, 'finished', 'timeout'], ['CRASHED', 'Crashed', {}, 'finished', 'error'], ['CANCELLED', 'Cancelled', {}, 'finished', 'cancelled'],
    ['NEWLY_INVENTED', 'New', {}, 'started', undefined],
  ])('Prefect %s %s', (state, name, more, predicate, outcome) => {
    const [event] = prefect(flowRun(state, name, more));
    expect(event).toMatchObject({ type: `pipelinerun.${predicate}`, data: { run: { id: RUN, url: URL } } });
    expect(event!.data.outcome).toBe(outcome);
  });

  it.each([
    [undefined, undefined, 'queued', undefined], ['Pending', undefined, 'queued', undefined], ['Running', undefined, 'started', undefined], ['Succeeded', undefined, 'finished', 'success'],
    ['Failed', "child 'x' failed", 'finished', 'failure'], ['Failed', "Stopped with strategy 'Stop'", 'finished', 'cancelled'], ['Failed', 'Step exceeded its deadline', 'finished', 'timeout'],
    ['Error', 'pod deleted', 'finished', 'error'],
  ])('Argo Workflows %s: %s', (phase, message, predicate, outcome) => {
    const [event] = argo(workflow({ phase, message }));
    expect([event!.type, event!.data.outcome]).toEqual([`pipelinerun.${predicate}`, outcome]);
  });

  it.each([
    ['Running', undefined, 'started', undefined], ['Terminating', undefined, 'started', undefined], ['Succeeded', 'successfully synced', 'finished', 'success'],
    ['Failed', 'one or more objects failed', 'finished', 'failure'], ['Failed', 'Operation terminated', 'finished', 'cancelled'], ['Error', 'ComparisonError', 'finished', 'error'],
  ])('Argo CD %s: %s', (phase, message, predicate, outcome) => {
    const [event] = argoCd(application({ phase, message }));
    expect([event!.type, event!.data.outcome, event!.subject]).toEqual([`pipelinerun.${predicate}`, outcome, nameOfCommand(COMMAND)]);
  });

  it('Argo CD: nothing before the operation has begun; others are known by when they began', () => {
    expect(argoCd(application(undefined))).toEqual([]);
    expect(argoCd(application({ phase: 'Running' }, []))[0]).toMatchObject({ subject: '2026-11-24T08:00:00.000Z', data: { repository: 'argocd/shop' } });
  });

  it.each([['new', undefined], ['running', undefined], ['waiting', undefined], ['success', 'success'], ['error', 'failure'], ['crashed', 'error'], ['canceled', 'cancelled']])('n8n %s', (status, outcome) => {
    expect(n8n(status)[0]!.data.outcome).toBe(outcome);
  });

  it('is nothing where the answer is none, and never holds parameters or data', () => {
    for (const odd of [null, [], 'x', {}, { id: {} }, { metadata: [] }]) expect([...prefect(odd), ...argo(odd), ...argoCd(odd), ...n8nExecutionEvents(odd, { repository: 'wf' }, polling('n8n'))]).toEqual([]);
    expect(JSON.stringify([...prefect(flowRun('RUNNING', 'Running')), ...argo(workflow({ phase: 'Running' })), ...n8n('running')])).not.toContain('hunter2');
  });
});
