import { describe, expect, it } from 'vitest';
import { IngressConfig } from './ingress.config.js';

describe('the configuration of ingress', () => {
  it('has defaults for a laptop', () => {
    expect(new IngressConfig({})).toEqual({
      port: 8_080, host: '127.0.0.1', maxHookBytes: 26 * 1_024 ** 2, trustedProxies: [], unverifiedPerMinute: 600, headersMs: 10_000, requestMs: 30_000,
    });
  });

  it.each([['INGRESS_PORT', 'x'], ['INGRESS_PORT', '70000'], ['MAX_HOOK_MEGABYTES', '0'], ['UNVERIFIED_PER_MINUTE', '0'], ['HOOK_TIMEOUT_SECONDS', '0.5'], ['TRUSTED_PROXIES', '10.0.0.0/99']])('%s=%s is a fault', (name, value) => {
    expect(() => new IngressConfig({ [name]: value })).toThrow(name);
  });
});
