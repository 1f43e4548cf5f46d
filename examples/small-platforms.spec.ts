import { join } from 'node:path';
import { loadDirectory } from '@stellwerk/config';
import { instanceOrigin } from '@stellwerk/contracts';
import { matchTriggers } from '@stellwerk/flows';
import { hookPlatforms } from '@stellwerk/platforms';
import { describe, expect, it } from 'vitest';

/** What the templates of the how-to guides send, and the flow that it starts. */
const CASES = [
  { folder: 'webhook-step', connection: 'deployer', flow: 'after-deployments', data: { id: '7', repository: 'acme/shop', outcome: 'failure', url: 'https://deployer.example.com/deployments/7' } },
  { folder: 'prefect-step', connection: 'prefect', flow: 'after-the-load', data: { id: '3fa85f64-5717-4562-b3fc-2c963f66afa6', repository: 'etl/nightly', pipeline: 'etl', outcome: 'COMPLETED', message: 'Completed', stellwerkId: '' } },
  { folder: 'argo-steps', connection: 'argocd', flow: 'after-a-sync', data: { id: '2026-11-24T08:00:00Z', repository: 'argocd/shop', pipeline: 'shop', outcome: 'Succeeded', message: 'successfully synced', stellwerkId: '' } },
  { folder: 'n8n-step', connection: 'n8n', flow: 'after-the-announcement', data: { id: '231', repository: 'Xy12ab', pipeline: 'Announce', outcome: 'success' } },
] as const;

describe.each(CASES)('$folder', ({ folder, connection: name, flow, data }) => {
  it('has no fault, and a run report starts its flow', async () => {
    const { resources, faults } = await loadDirectory(join(import.meta.dirname, folder));
    expect(faults).toEqual([]);
    const { platform, url } = resources.connections[name]!;
    const context = { connection: name, platform, origin: instanceOrigin(platform, url), hookId: `${name}:1`, receivedAt: new Date(), headers: {} };
    const { events } = hookPlatforms[platform]!.translate({ type: 'pipelinerun.finished', timestamp: '2026-11-24T08:10:00Z', data }, context);
    const [event] = events;
    expect(matchTriggers(resources.flows[flow]!, { ...event!.data, id: event!.id, type: event!.type, fact: event!.fact })).toMatchObject({ trigger: { index: 0 } });
  });

  it('awaits the run of its step', async () => {
    const { resources } = await loadDirectory(join(import.meta.dirname, folder));
    const first = Object.values(resources.flows).find(({ name: one }) => one !== flow)!;
    expect(first.steps.map(({ await: awaited }) => awaited)).toEqual(first.steps.map(() => true));
  });
});
