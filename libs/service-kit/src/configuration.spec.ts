import { describe, expect, it } from 'vitest';
import { failpointFrom } from './failpoint.config.js';
import { serviceConfig } from './service.config.js';

describe('the configuration of a service', () => {
  it('names the management port after the service', () => {
    expect(serviceConfig('github-connector', { GITHUB_CONNECTOR_MANAGEMENT_PORT: '9090', HOST: '0.0.0.0' })).toMatchObject({
      managementPort: 9090, managementPortVariable: 'GITHUB_CONNECTOR_MANAGEMENT_PORT', managementHost: '0.0.0.0', logLevel: 'info',
    });
  });

  it('listens on loopback unless told otherwise', () => {
    expect(serviceConfig('router', {})).toMatchObject({ managementPort: 0, managementHost: '127.0.0.1' });
  });

  it('refuses half a TLS pair', () => {
    expect(() => serviceConfig('ingress', { TLS_CERT_FILE: 'a.pem' })).toThrow('belong together');
  });

  it('fails at a failpoint only outside production, and only at one it can read', () => {
    expect(failpointFrom({ FAILPOINT: 'router.after-commit' })).toEqual({ name: 'router.after-commit', effect: 'kill', hit: 1 });
    expect(failpointFrom({ FAILPOINT: 'connector.before-send:stop@3' })).toEqual({ name: 'connector.before-send', effect: 'stop', hit: 3 });
    expect(failpointFrom({ FAILPOINT: 'connector.after-send:together@7' })).toEqual({ name: 'connector.after-send', effect: 'together', hit: 7 });
    expect(failpointFrom({ NODE_ENV: 'production' })).toBeUndefined();
    expect(() => failpointFrom({ FAILPOINT: 'router.after-commit', NODE_ENV: 'production' })).toThrow('refused');
    for (const FAILPOINT of ['x', 'router.after-commit:pause', 'router.after-commit@0']) expect(() => failpointFrom({ FAILPOINT })).toThrow('expected');
  });
});
