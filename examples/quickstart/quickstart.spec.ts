import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDirectory } from '@stellwerk/config';
import { matchTriggers } from '@stellwerk/flows';
import { hookPlatforms } from '@stellwerk/platforms';
import { expect, it } from 'vitest';

const hookOf = (): unknown => JSON.parse(readFileSync(join(import.meta.dirname, 'payloads/ci-green.json'), 'utf8'));

it('has no fault, and its payload starts its flow', async () => {
  const { resources, faults } = await loadDirectory(import.meta.dirname);
  expect(faults).toEqual([]);
  const context = {
    connection: 'github', platform: 'github' as const, origin: 'http://127.0.0.1:8090', hookId: 'github:1', receivedAt: new Date(),
    headers: { 'x-github-event': 'workflow_run', 'x-github-delivery': '1' },
  };
  const { events } = hookPlatforms.github!.translate(hookOf(), context);
  const [event] = events;
  expect(event?.type).toBe('pipelinerun.finished');
  expect(matchTriggers(resources.flows['release']!, { ...event!.data, id: event!.id, type: event!.type, fact: event!.fact })).toMatchObject({ trigger: { index: 0 } });
});
