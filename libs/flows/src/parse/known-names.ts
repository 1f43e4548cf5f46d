import { PLATFORMS, type Platform } from '@stellwerk/contracts';
import { CHANNEL_TYPES, type ChannelType } from '../model.js';
import { KIND_NAMES, type Kind } from '../schema/kinds.js';
import { collectUses, type Use } from './acted-on.js';
import { itemsAt, mapOf, textsAt } from './resource-source.js';

/** Every name that the files define, also of resources with faults and of broken YAML: one fault must not cause others elsewhere. */
export interface KnownNames {
  names: Readonly<Record<Kind, readonly string[]>>;
  /** Undefined when the connection does not exist or names no platform. */
  platformOf: (connection: string) => Platform | undefined;
  /** Whether a connection says where it is; a wrong address is its own fault. */
  hasUrl: (connection: string) => boolean;
  /** Whether a connection has something to verify hooks by; without it takes none. */
  takesHooks: (connection: string) => boolean;
  /** Private ranges that calls of a connection may go to, as they are written. */
  allowedBy: (connection: string) => readonly string[];
  /** Branches that an environment takes; undefined where it takes all. */
  branchesOf: (environment: string) => readonly string[] | undefined;
  /** Undefined when the channel does not exist or names no type. */
  channelTypeOf: (channel: string) => ChannelType | undefined;
  /** Whether deployments to an environment may need an approval; one that is not there is its own fault. */
  mayAsk: (environment: string) => boolean;
  /** Names in the env of the flows that deploy to an environment: what its ledger keeps. */
  leftAt: (environment: string) => readonly string[];
  /** What acts on a connection. */
  usesOf: (connection: string) => readonly Use[];
}

export const collectNames = (documents: readonly unknown[]): KnownNames => {
  const names: Record<Kind, string[]> = { Connection: [], Flow: [], Channel: [], Environment: [] };
  const platforms = new Map<string, Platform>();
  const addressed = new Set<string>();
  const types = new Map<string, ChannelType>();
  const uses = collectUses(documents);
  const silent = new Set<string>();
  const hearing = new Set<string>();
  const allowed = new Map<string, string[]>();
  const branches = new Map<string, string[]>();
  const left = envByEnvironment(documents);
  for (const { kind, metadata, spec } of documents.map(mapOf)) {
    const { name } = mapOf(metadata);
    const { platform, url, type, approve, webhook, network, branches: taken } = mapOf(spec);
    if (typeof name !== 'string' || !isKind(kind)) continue;
    names[kind].push(name);
    if (kind === 'Connection' && isPlatform(platform)) platforms.set(name, platform);
    if (kind === 'Connection' && url !== undefined && url !== null) addressed.add(name);
    if (kind === 'Channel' && isChannelType(type)) types.set(name, type);
    if (kind === 'Connection') allowed.set(name, textsAt(mapOf(network).allow, []).map(({ text }) => text));
    if (kind === 'Environment' && approve === undefined) silent.add(name);
    if (kind === 'Environment' && taken !== undefined) branches.set(name, textsAt(taken, []).map(({ text }) => text));
    if (kind === 'Connection' && ['secrets', 'tokens'].some((key) => itemsAt(mapOf(webhook)[key], []).length > 0)) hearing.add(name);
  }
  return {
    names, platformOf: (connection) => platforms.get(connection), hasUrl: (connection) => addressed.has(connection), channelTypeOf: (channel) => types.get(channel),
    takesHooks: (connection) => hearing.has(connection), allowedBy: (connection) => allowed.get(connection) ?? [], branchesOf: (environment) => branches.get(environment),
    mayAsk: (environment) => !silent.has(environment),
    leftAt: (environment) => [...(left.get(environment) ?? [])],
    usesOf: (connection) => uses.get(connection) ?? [],
  };
};

const envByEnvironment = (documents: readonly unknown[]): Map<string, Set<string>> => {
  const left = new Map<string, Set<string>>();
  for (const { kind, spec } of documents.map(mapOf)) {
    if (kind !== 'Flow') continue;
    for (const { environment } of Object.values(mapOf(mapOf(spec).steps)).map(mapOf)) {
      if (typeof environment === 'string') left.set(environment, new Set([...(left.get(environment) ?? []), ...Object.keys(mapOf(mapOf(spec).env))]));
    }
  }
  return left;
};

const isPlatform = (value: unknown): value is Platform => PLATFORMS.includes(value as Platform);

const isChannelType = (value: unknown): value is ChannelType => CHANNEL_TYPES.includes(value as ChannelType);

const isKind = (value: unknown): value is Kind => KIND_NAMES.includes(value as Kind);
