import { describe, expect, it } from 'vitest';
import { eventOf } from './event-of.js';

describe('what event a payload is', () => {
  it.each([
    ['github', { action: 'completed', workflow_run: {}, workflow: {} }, 'workflow_run'], ['github', { ref: 'refs/heads/main', commits: [] }, 'push'],
    ['github', { deployment: {}, deployment_status: {} }, 'deployment_status'], ['github', { zen: 'x' }, undefined],
    ['gitlab', { object_kind: 'pipeline' }, 'Pipeline Hook'], ['gitlab', { object_kind: 'toString' }, undefined], ['gitlab', {}, undefined],
    ['jenkins', { name: 'x' }, undefined], ['github', 'text', undefined],
  ] as const)('of %s %j: %s', (platform, payload, event) => expect(eventOf(platform, payload)).toBe(event));
});
