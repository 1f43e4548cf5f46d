import { freePort, portIsFree } from '@stellwerk/local-servers';
import { StartFailed } from './errors.ts';
import type { StartConfig } from './start.config.ts';

/** The two addresses people and platforms use. */
export interface Doors {
  readonly ingressPort: number;
  readonly statusPort: number;
  readonly ingressUrl: string;
  readonly statusUrl: string;
}

const open = async (variable: string, port: number, host: string): Promise<number> => {
  if (port === 0) return freePort();
  if (await portIsFree(port, host)) return port;
  throw new StartFailed(`port ${port} of ${host} is in use, or not ours to take: choose another with ${variable}=<port>`);
};

const ANY = new Set(['0.0.0.0', '::']);

/** Checks that both can be opened, before anything is started. */
export const chooseDoors = async ({ host, ingressPort, statusPort, tls }: StartConfig): Promise<Doors> => {
  const ingress = await open('INGRESS_PORT', ingressPort, host);
  const status = await open('STATUS_PORT', statusPort, host);
  if (ingress === status) throw new StartFailed(`INGRESS_PORT and STATUS_PORT are both ${ingress}: choose two`);
  const shown = ANY.has(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const base = `${tls ? 'https' : 'http'}://${shown}`;
  return { ingressPort: ingress, statusPort: status, ingressUrl: `${base}:${ingress}`, statusUrl: `${base}:${status}` };
};
