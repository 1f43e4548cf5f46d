import { PLATFORMS, type Platform } from '@stellwerk/contracts';
import { CHANNEL_TYPES, type ChannelType } from '../model.js';
import { KIND_NAMES, type Kind } from '../schema/kinds.js';
import { collectUses, type Use } from './acted-on.js';
import { mapOf } from './resource-source.js';

/** Every name that the files define, also of resources with faults and of broken YAML: one fault must not cause others elsewhere. */
export interface KnownNames {
  names: Readonly<Record<Kind, readonly string[]>>;
  /** Undefined when the connection does not exist or names no platform. */
  platformOf: (connection: string) => Platform | undefined;
  /** Whether a connection says where it is; a wrong address is its own fault. */
  hasUrl: (connection: string) => boolean;
  /** Undefined when the channel does not exist or names no type. */
  channelTypeOf: (channel: string) => ChannelType | undefined;
  /** What acts on a connection. */
  usesOf: (connection: string) => readonly Use[];
}

export const collectNames = (documents: readonly unknown[]): KnownNames => {
  const names: Record<Kind, string[]> = { Connection: [], Flow: [], Channel: [], Environment: [] };
  const platforms = new Map<string, Platform>();
  const addressed = new Set<string>();
  const types = new Map<string, ChannelType>();
  const uses = collectUses(documents);
  for (const { kind, metadata, spec } of documents.map(mapOf)) {
    const { name } = mapOf(metadata);
    const { platform, url, type } = mapOf(spec);
    if (typeof name !== 'string' || !isKind(kind)) continue;
    names[kind].push(name);
    if (kind === 'Connection' && isPlatform(platform)) platforms.set(name, platform);
    if (kind === 'Connection' && url !== undefined && url !== null) addressed.add(name);
    if (kind === 'Channel' && isChannelType(type)) types.set(name, type);
  }
  return {
    names, platformOf: (connection) => platforms.get(connection), hasUrl: (connection) => addressed.has(connection), channelTypeOf: (channel) => types.get(channel),
    usesOf: (connection) => uses.get(connection) ?? [],
  };
};

const isPlatform = (value: unknown): value is Platform => PLATFORMS.includes(value as Platform);

const isChannelType = (value: unknown): value is ChannelType => CHANNEL_TYPES.includes(value as ChannelType);

const isKind = (value: unknown): value is Kind => KIND_NAMES.includes(value as Kind);
