import { ConfigFault, readInteger, readText, type Env } from '@stellwerk/service-kit';
import { trustedProxies, type TrustedProxies } from './receive/client-address.js';

const MEGABYTE = 1_024 ** 2;

const readProxies = (env: Env): TrustedProxies => {
  const text = readText(env, 'TRUSTED_PROXIES', '');
  try {
    return trustedProxies(text);
  } catch {
    throw new ConfigFault([`TRUSTED_PROXIES is "${text}": expected addresses and ranges, e.g. 10.0.0.0/8,192.168.1.1`]);
  }
};

export class IngressConfig {
  readonly port: number;
  /** The address it listens on. */
  readonly host: string;
  readonly maxHookBytes: number;
  readonly trustedProxies: TrustedProxies;
  /** Failures an address may have a minute before it is told to wait. */
  readonly unverifiedPerMinute: number;
  /** So long a sender may take for the headers, and for all of a request. */
  readonly headersMs: number;
  readonly requestMs: number;

  /** Throws ConfigFault. */
  constructor(env: Env = process.env) {
    this.port = readInteger(env, 'INGRESS_PORT', 8_080, { min: 0, max: 65_535 });
    this.host = readText(env, 'HOST', '127.0.0.1');
    this.maxHookBytes = readInteger(env, 'MAX_HOOK_MEGABYTES', 26, { min: 1, max: 100 }) * MEGABYTE;
    this.trustedProxies = readProxies(env);
    this.unverifiedPerMinute = readInteger(env, 'UNVERIFIED_PER_MINUTE', 600, { min: 1, max: 1_000_000 });
    this.headersMs = readInteger(env, 'HOOK_HEADERS_TIMEOUT_SECONDS', 10, { min: 1, max: 60 }) * 1_000;
    this.requestMs = readInteger(env, 'HOOK_TIMEOUT_SECONDS', 30, { min: 1, max: 600 }) * 1_000;
  }
}
