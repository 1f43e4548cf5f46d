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

  it('dies at a failpoint only outside production', () => {
    expect(failpointFrom({ FAILPOINT: 'router.after-commit' })).toBe('router.after-commit');
    expect(failpointFrom({ NODE_ENV: 'production' })).toBeUndefined();
    expect(() => failpointFrom({ FAILPOINT: 'x', NODE_ENV: 'production' })).toThrow('refused');
  });
});
