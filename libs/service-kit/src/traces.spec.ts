import { NodeSDK } from '@opentelemetry/sdk-node';
import { afterAll, describe, expect, it } from 'vitest';
import { inSpan, traceHeaders } from './traces.js';

const unheard = { onStart: () => {}, onEnd: () => {}, forceFlush: async () => {}, shutdown: async () => {} };
const telemetry = new NodeSDK({ spanProcessors: [unheard], instrumentations: [] });

afterAll(() => telemetry.shutdown());

describe('spans', () => {
  it('are none while nobody collects them, and what runs in them runs as ever', async () => {
    const result = await inSpan('unseen', {}, async (span) => {
      span.setAttribute('any', 'thing');
      return [span.isRecording(), traceHeaders()];
    });
    expect(result).toEqual([false, {}]);
    await expect(inSpan('unseen', {}, async () => { throw new Error('as it was thrown'); })).rejects.toThrow('as it was thrown');
  });

  it('are made from the moment an SDK is there', async () => {
    telemetry.start();
    const headers = await inSpan('seen', {}, async () => traceHeaders());
    expect(headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  it('of a trace that is not sampled are not made: it is handed on as it came', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`;
    const [headers, deeper] = await inSpan('unsampled', { parent: { traceparent } }, async (span) => {
      expect(span.isRecording()).toBe(false);
      return [traceHeaders(), await inSpan('deeper', {}, async () => traceHeaders())];
    });
    expect([headers, deeper]).toEqual([{ traceparent }, { traceparent }]);
    await expect(inSpan('unsampled', { parent: { traceparent } }, async () => { throw new Error('as it was thrown'); })).rejects.toThrow('as it was thrown');
  });
});
