import { PLATFORMS, SERVICES, connectorOf, platformsOf } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import type { ConnectorAdapter } from './adapter.js';
import { Adapters } from './adapters.js';

const adapterOf = (platform: string): ConnectorAdapter => ({ platform, actions: [] }) as unknown as ConnectorAdapter;
const all = platformsOf('webhook-connector').map(adapterOf);

describe('the adapters of a connector', () => {
  it('are chosen by platform', () => {
    const adapters = new Adapters('webhook-connector', all);
    expect(adapters.of('argo-cd')).toBe(all.find(({ platform }) => platform === 'argo-cd'));
    expect([adapters.has('n8n'), adapters.has('github')]).toEqual([true, false]);
    expect(() => adapters.of('github')).toThrow(/none of this connector's/);
  });

  it.each([
    ['one too few', all.slice(1)], ['one of another connector', [...all, adapterOf('github')]], ['one twice', [...all.slice(1), all[1]!]], ['none', []],
  ])('are exactly those that the contracts give to the service: not %s', (_, adapters) => {
    expect(() => new Adapters('webhook-connector', adapters)).toThrow(/the contracts give it argo-cd, argo-workflows, n8n, prefect, webhook/);
  });

  it('belong to one connector each, which is a service', () => {
    for (const platform of PLATFORMS) expect(SERVICES.filter((service) => platformsOf(service).includes(platform))).toEqual([connectorOf(platform)]);
  });
});
