import { PLATFORMS, type Platform } from '@stellwerk/contracts';
import { CHANNEL_TYPES, type ChannelType } from '../model.js';
import { KIND_NAMES, type Kind } from '../schema/kinds.js';
import { usesIn, type Use } from './acted-on.js';
import { itemsAt, mapOf, textsAt } from './resource-source.js';

/** What a document says that others may rely on. */
export interface Definition {
  kind: Kind;
  name: string;
  connection?: { platform: Platform | undefined; hasUrl: boolean; takesHooks: boolean; allowed: readonly string[] };
  environment?: { mayAsk: boolean; branches: readonly string[] | undefined };
  channelType?: ChannelType;
  flow?: {
    uses: readonly { connection: string; use: Use }[];
    /** Environments that it deploys to, and the names of its env. */
    deploys: readonly string[];
    env: readonly string[];
  };
}

/** Every name that the files define, also of resources with faults and of broken YAML: one fault must not cause others elsewhere. */
export interface KnownNames {
  has(kind: Kind, name: string): boolean;
  /** Each once, in the order of the files. */
  all(kind: Kind): readonly string[];
  /** Undefined when the connection does not exist or names no platform. */
  platformOf(connection: string): Platform | undefined;
  /** Whether a connection says where it is; a wrong address is its own fault. */
  hasUrl(connection: string): boolean;
  /** Whether a connection has something to verify hooks by; without it takes none. */
  takesHooks(connection: string): boolean;
  /** Private ranges that calls of a connection may go to, as they are written. */
  allowedBy(connection: string): readonly string[];
  /** Branches that an environment takes; undefined where it takes all. */
  branchesOf(environment: string): readonly string[] | undefined;
  /** Undefined when the channel does not exist or names no type. */
  channelTypeOf(channel: string): ChannelType | undefined;
  /** Whether deployments to an environment may need an approval; one that is not there is its own fault. */
  mayAsk(environment: string): boolean;
  /** Whether a flow that deploys to an environment has this name in its env: its ledger keeps these. */
  leaves(environment: string, name: string): boolean;
  /** All of these names. */
  leftAt(environment: string): readonly string[];
  /** What acts on a connection. */
  usesOf(connection: string): readonly Use[];
}

/** Undefined of what has no name or no kind: nobody can refer to it. */
export const definitionIn = (document: unknown): Definition | undefined => {
  const { kind, metadata, spec } = mapOf(document);
  const { name } = mapOf(metadata);
  if (typeof name !== 'string' || !isKind(kind)) return undefined;
  return { kind, name, ...SAID_BY[kind](mapOf(spec), name) };
};

type Said = Omit<Definition, 'kind' | 'name'>;

const SAID_BY: Readonly<Record<Kind, (spec: Record<string, unknown>, name: string) => Said>> = {
  Connection: ({ platform, url, webhook, network }) => ({
    connection: {
      platform: isPlatform(platform) ? platform : undefined, hasUrl: url !== undefined && url !== null,
      takesHooks: ['secrets', 'tokens'].some((key) => itemsAt(mapOf(webhook)[key], []).length > 0), allowed: textsIn(mapOf(network).allow),
    },
  }),
  Environment: ({ approve, branches }) => ({ environment: { mayAsk: approve !== undefined, branches: branches === undefined ? undefined : textsIn(branches) } }),
  Channel: ({ type }) => (isChannelType(type) ? { channelType: type } : {}),
  Flow: (spec, name) => ({
    flow: {
      uses: usesIn(spec, `flow "${name}"`), env: Object.keys(mapOf(spec.env)),
      deploys: Object.values(mapOf(spec.steps)).flatMap((step) => { const { environment } = mapOf(step); return typeof environment === 'string' ? [environment] : []; }),
    },
  }),
};

const textsIn = (value: unknown): string[] => textsAt(value, []).map(({ text }) => text);

export const collectNames = (definitions: readonly Definition[]): KnownNames => {
  const of = new Map(KIND_NAMES.map((kind) => [kind, byName(definitions.filter((one) => one.kind === kind))]));
  const connections = (name: string): NonNullable<Definition['connection']>[] => (of.get('Connection')!.get(name) ?? []).map((one) => one.connection!);
  const environments = (name: string): NonNullable<Definition['environment']>[] => (of.get('Environment')!.get(name) ?? []).map((one) => one.environment!);
  const flows = definitions.flatMap(({ flow }) => flow ?? []);
  const uses = Map.groupBy(flows.flatMap((flow) => flow.uses), (one) => one.connection);
  const left = new Map<string, Set<string>>();
  for (const { deploys, env } of flows) {
    for (const environment of deploys) {
      const names = left.get(environment) ?? new Set<string>();
      left.set(environment, names);
      for (const name of env) names.add(name);
    }
  }
  return {
    has: (kind, name) => of.get(kind)!.has(name),
    all: (kind) => [...of.get(kind)!.keys()],
    platformOf: (name) => connections(name).findLast(({ platform }) => platform !== undefined)?.platform,
    hasUrl: (name) => connections(name).some(({ hasUrl }) => hasUrl),
    takesHooks: (name) => connections(name).some(({ takesHooks }) => takesHooks),
    allowedBy: (name) => connections(name).at(-1)?.allowed ?? [],
    branchesOf: (name) => environments(name).findLast(({ branches }) => branches !== undefined)?.branches,
    channelTypeOf: (name) => of.get('Channel')!.get(name)?.findLast(({ channelType }) => channelType !== undefined)?.channelType,
    mayAsk: (name) => environments(name).every(({ mayAsk }) => mayAsk),
    leaves: (environment, name) => left.get(environment)?.has(name) ?? false,
    leftAt: (name) => [...(left.get(name) ?? [])],
    usesOf: (name) => uses.get(name)?.map(({ use }) => use) ?? [],
  };
};

const byName = (definitions: readonly Definition[]): Map<string, Definition[]> => Map.groupBy(definitions, ({ name }) => name);

const isPlatform = (value: unknown): value is Platform => PLATFORMS.includes(value as Platform);

const isChannelType = (value: unknown): value is ChannelType => CHANNEL_TYPES.includes(value as ChannelType);

const isKind = (value: unknown): value is Kind => KIND_NAMES.includes(value as Kind);
