import { readInteger, readText, type Env } from '@stellwerk/service-kit';

const MEGABYTE = 1_024 ** 2;

export class IngressConfig {
  readonly port: number;
  /** The address it listens on. */
  readonly host: string;
  readonly maxHookBytes: number;

  /** Throws ConfigFault. */
  constructor(env: Env = process.env) {
    this.port = readInteger(env, 'INGRESS_PORT', 8_080, { min: 0, max: 65_535 });
    this.host = readText(env, 'HOST', '127.0.0.1');
    this.maxHookBytes = readInteger(env, 'MAX_HOOK_MEGABYTES', 26, { min: 1, max: 100 }) * MEGABYTE;
  }
}
