import { describe, expect, it } from 'vitest';
import type { Delivery } from './deliveries.client.js';
import { judgeDeliveries, MOST_ASKS, waitAfterAskMs } from './judge-deliveries.js';

const delivery = (id: string, guid: string, code: number): Delivery =>
  ({ id, guid, code, status: code === 202 ? 'OK' : 'failed', deliveredAt: new Date(), redelivery: false, event: 'workflow_run' });

describe('deliveries', () => {
  it.each([500, 503, 502, 401, 404, 302, 0])('have not arrived when they were answered with %i', (code) =>
    expect(judgeDeliveries([delivery('1', 'a', code)]).failed).toHaveLength(1));

  it('have arrived when one attempt did, whichever', () => {
    expect(judgeDeliveries([delivery('2', 'a', 202), delivery('1', 'a', 503)])).toMatchObject({ failed: [], arrived: [{ id: '2' }] });
    expect(judgeDeliveries([delivery('2', 'a', 503), delivery('1', 'a', 202)])).toMatchObject({ failed: [], arrived: [{ id: '1' }] });
  });

  it('are not asked for when they were pings', () => expect(judgeDeliveries([{ ...delivery('1', 'a', 502), event: 'ping' }])).toEqual({ failed: [], arrived: [] }));

  it('are asked for by their newest attempt', () => expect(judgeDeliveries([delivery('3', 'a', 500), delivery('2', 'b', 202), delivery('1', 'a', 503)]).failed).toMatchObject([{ id: '3' }]));

  it('are asked for a few times, ever less often, all within what GitHub keeps', () => {
    const waits = Array.from({ length: MOST_ASKS }, (_, n) => waitAfterAskMs(n + 1));
    expect(waits).toEqual([...waits].sort((one, other) => one - other));
    expect(waits.slice(0, -1).reduce((sum, ms) => sum + ms, 0)).toBeLessThan(48 * 3_600_000);
  });
});
