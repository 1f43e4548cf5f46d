import { PLATFORMS, type Platform } from '@stellwerk/contracts';
import { CHANNEL_TYPES, type ChannelType } from '../model.js';
import { KIND_NAMES, type Kind } from '../schema/kinds.js';
import { mapOf } from './resource-source.js';

/** What a document says that others may rely on. */
export interface Definition {
  kind: Kind;
  name: string;
  platform?: Platform;
  hasUrl: boolean;
  channelType?: ChannelType;
}

/** Every name that the files define, also of resources with faults and of broken YAML: one fault must not cause others elsewhere. */
export interface KnownNames {
  has(kind: Kind, name: string): boolean;
  /** In the order of the files. */
  all(kind: Kind): readonly string[];
  /** Undefined when the connection does not exist or names no platform. */
  platformOf(connection: string): Platform | undefined;
  /** Whether a connection says where it is; a wrong address is its own fault. */
  hasUrl(connection: string): boolean;
  /** Undefined when the channel does not exist or names no type. */
  channelTypeOf(channel: string): ChannelType | undefined;
}

/** Undefined of what has no name or no kind: nobody can refer to it. */
export const definitionIn = (document: unknown): Definition | undefined => {
  const { kind, metadata, spec } = mapOf(document);
  const { name } = mapOf(metadata);
  const { platform, url, type } = mapOf(spec);
  if (typeof name !== 'string' || !isKind(kind)) return undefined;
  return {
    kind, name, hasUrl: kind === 'Connection' && url !== undefined && url !== null,
    ...(kind === 'Connection' && isPlatform(platform) && { platform }),
    ...(kind === 'Channel' && isChannelType(type) && { channelType: type }),
  };
};

export const collectNames = (definitions: readonly Definition[]): KnownNames => {
  const names: Record<Kind, string[]> = { Connection: [], Flow: [], Channel: [], Environment: [] };
  const platforms = new Map<string, Platform>();
  const addressed = new Set<string>();
  const types = new Map<string, ChannelType>();
  for (const { kind, name, platform, hasUrl, channelType } of definitions) {
    names[kind].push(name);
    if (platform) platforms.set(name, platform);
    if (hasUrl) addressed.add(name);
    if (channelType) types.set(name, channelType);
  }
  const known = new Map(KIND_NAMES.map((kind) => [kind, new Set(names[kind])]));
  return {
    has: (kind, name) => known.get(kind)!.has(name),
    all: (kind) => names[kind],
    platformOf: (connection) => platforms.get(connection),
    hasUrl: (connection) => addressed.has(connection),
    channelTypeOf: (channel) => types.get(channel),
  };
};

const isPlatform = (value: unknown): value is Platform => PLATFORMS.includes(value as Platform);

const isChannelType = (value: unknown): value is ChannelType => CHANNEL_TYPES.includes(value as ChannelType);

const isKind = (value: unknown): value is Kind => KIND_NAMES.includes(value as Kind);
