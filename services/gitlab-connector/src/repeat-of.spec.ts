import type { ConnectionCalls } from '@stellwerk/connector-kit';
import { describe, expect, it } from 'vitest';
import type { PipelineAnswer } from './gitlab.client.js';
import { repeatOf } from './repeat-of.js';

const after = async (finished_at: string | null) => {
  const pipeline = { id: 7, web_url: 'https://gitlab.example.com/acme/shop/-/pipelines/7', finished_at } as PipelineAnswer;
  return (await repeatOf({ connection: { url: 'https://gitlab.example.com' } } as ConnectionCalls, 'acme/shop', pipeline)).after;
};

describe('what is set going again', () => {
  it('is told with the end that it had come to, as an instant; not with what is none', async () => {
    expect(await after('2026-11-30T10:00:00.123+01:00')).toBe('2026-11-30T09:00:00.123Z');
    expect([await after(null), await after('yesterday')]).toEqual([undefined, undefined]);
  });
});
