import { PLATFORMS, type Platform } from '@stellwerk/contracts';
import type { Kind } from '../schema/kinds.js';
import type { ResourceSource } from './resource-source.js';

/** Every name that the files define, also of resources with faults: one fault must not cause others elsewhere. */
export interface KnownNames {
  names: Readonly<Record<Kind, readonly string[]>>;
  /** Undefined when the connection does not exist or names no platform. */
  platformOf: (connection: string) => Platform | undefined;
}

export const collectNames = (sources: readonly ResourceSource[]): KnownNames => {
  const names: Record<Kind, string[]> = { Connection: [], Flow: [], Channel: [], Environment: [] };
  const platforms = new Map<string, Platform>();
  for (const { kind, name, spec } of sources) {
    if (name === undefined) continue;
    names[kind].push(name);
    if (kind === 'Connection' && isPlatform(spec.platform)) platforms.set(name, spec.platform);
  }
  return { names, platformOf: (connection) => platforms.get(connection) };
};

const isPlatform = (value: unknown): value is Platform => PLATFORMS.includes(value as Platform);
