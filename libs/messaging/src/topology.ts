import {
  JetStreamApiCodes, JetStreamApiError, jetstreamManager,
  type ConsumerConfig, type JetStreamManager, type StreamConfig,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { CONSUMERS, STREAMS, consumersOf, type ConsumerSpec, type ServiceName, type StreamSpec } from '@stellwerk/contracts';
import { isServerTooOld, tooOldText } from './connection.js';
import { consumerConfig, differences, streamConfig, withOneFilterField } from './topology-config.js';

export interface DeclareReport {
  /** One line per stream and consumer: what was done. */
  lines: string[];
}

/** Streams or consumers are not as `libs/contracts` says; every difference is named. */
export class TopologyMismatch extends Error {
  constructor(readonly faults: string[]) {
    super(`streams and consumers are not as declared (run the declare job): ${faults.join('; ')}`);
    this.name = 'TopologyMismatch';
  }
}

const NOT_FOUND: readonly number[] = [JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound];

/** The found config, or undefined when there is none of that name. */
async function found<T>(info: Promise<{ config: T }>): Promise<T | undefined> {
  try {
    return (await info).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && NOT_FOUND.includes(error.code)) return undefined;
    throw error;
  }
}

const findStream = (manager: JetStreamManager, name: string): Promise<StreamConfig | undefined> => found(manager.streams.info(name));

async function findConsumer(manager: JetStreamManager, spec: ConsumerSpec): Promise<ConsumerConfig | undefined> {
  const config = await found(manager.consumers.info(spec.stream, spec.name));
  return config && withOneFilterField(config);
}

async function declareStream(manager: JetStreamManager, spec: StreamSpec, replicas: number): Promise<string> {
  const wanted = streamConfig(spec, replicas);
  const before = await findStream(manager, spec.name);
  const changes = before && differences(wanted, before);
  if (changes?.length === 0) return `stream ${spec.name}: unchanged`;
  const { config } = before ? await manager.streams.update(spec.name, wanted) : await manager.streams.add(wanted);
  refuse(`stream ${spec.name}`, differences(wanted, config));
  return changes ? `stream ${spec.name}: updated (${changes.join('; ')})` : `stream ${spec.name}: created`;
}

/** An existing consumer is updated in place and keeps its position. */
async function declareConsumer(manager: JetStreamManager, spec: ConsumerSpec): Promise<string> {
  const wanted = consumerConfig(spec);
  const before = await findConsumer(manager, spec);
  const changes = before && differences(wanted, before);
  if (changes?.length === 0) return `consumer ${spec.name}: unchanged`;
  if (before) await manager.consumers.update(spec.stream, spec.name, wanted);
  else await manager.consumers.add(spec.stream, wanted);
  // Asked again: of a consumer that outlived a restart, nats-server 2.15.1 answers an update with what it was before.
  refuse(`consumer ${spec.name}`, differences(wanted, await findConsumer(manager, spec) ?? {}));
  return changes ? `consumer ${spec.name}: updated (${changes.join('; ')})` : `consumer ${spec.name}: created`;
}

/** A server that answered yes and kept something else is not to be trusted with messages. */
function refuse(what: string, faults: string[]): void {
  if (faults.length > 0) throw new TopologyMismatch(faults.map((fault) => `${what}: ${fault}`));
}

/**
 * Creates and updates every stream and consumer of the contracts; safe to repeat.
 * Throws TopologyMismatch when the server keeps another configuration than it was given.
 */
export async function declareTopology(
  connection: NatsConnection, { replicas = 1, onLine }: { replicas?: number; onLine?: (line: string) => void } = {},
): Promise<DeclareReport> {
  const version = connection.info?.version ?? '0';
  if (isServerTooOld(version)) throw new TopologyMismatch([tooOldText(version)]);
  const manager = await jetstreamManager(connection);
  const lines: string[] = [];
  const tell = (line: string): void => {
    lines.push(line);
    onLine?.(line);
  };
  for (const spec of Object.values(STREAMS)) tell(await explained(spec.name, declareStream(manager, spec, replicas)));
  for (const spec of CONSUMERS) tell(await explained(spec.name, declareConsumer(manager, spec)));
  return { lines };
}

async function explained(what: string, work: Promise<string>): Promise<string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof JetStreamApiError) throw new Error(`${what}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Compares the streams, and the consumers of one service, with the contracts. Throws TopologyMismatch with every difference. */
export async function verifyTopology(connection: NatsConnection, service: ServiceName): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const streams = Object.values(STREAMS).map(async (spec) => {
    const { num_replicas: _, ...wanted } = streamConfig(spec, 1);
    return faultsOf(`stream ${spec.name}`, wanted, await findStream(manager, spec.name));
  });
  const consumers = consumersOf(service).map(async (spec) => faultsOf(`consumer ${spec.name}`, consumerConfig(spec), await findConsumer(manager, spec)));
  const faults = (await Promise.all([...streams, ...consumers])).flat();
  if (faults.length > 0) throw new TopologyMismatch(faults);
}

const faultsOf = (what: string, wanted: object, actual: object | undefined): string[] =>
  actual ? differences(wanted, actual).map((fault) => `${what}: ${fault}`) : [`${what} does not exist`];
