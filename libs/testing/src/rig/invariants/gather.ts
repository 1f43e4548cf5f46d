import { CONSUMERS, HEADERS, STREAMS, type CloudEvent, type RunChanged, type RunSnapshot } from '@stellwerk/contracts';
import { jetstream } from '@nats-io/jetstream';
import { faultsOfHistories } from '../../run-histories.js';
import type { Promised } from '../driver/ledger.js';
import { handlesOf, rssBytesOf } from '../process-figures.js';
import type { Rig } from '../rig.js';
import { platformRunOf, triggerOf, type CommandFact, type ConsumerFact, type DispatchFact, type Facts, type ProcessFact, type RunFact } from './facts.js';

/** A moment from which on a scenario's doings are looked at. */
export interface Mark {
  at: Date;
  /** Requests of the ledger before it. */
  ledger: ReadonlySet<Promised>;
  /** Last sequence of each stream. */
  sequences: Readonly<Record<string, number>>;
  exits: number;
}

const CONNECTORS = ['github', 'gitlab', 'jenkins'] as const;

/** Call it before a scenario begins. */
export const mark = async (rig: Rig): Promise<Mark> => {
  const manager = await rig.nats.manager();
  const sequences: Record<string, number> = {};
  for (const { name } of Object.values(STREAMS)) sequences[name] = (await manager.streams.info(name)).state.last_seq;
  return { at: new Date(), ledger: new Set(rig.driver.ledger.all()), sequences, exits: rig.exits().length };
};

/** Consumers of the services that the rig runs. */
export const consumersOfRig = async (rig: Rig): Promise<ConsumerFact[]> => {
  const manager = await rig.nats.manager();
  return Promise.all(CONSUMERS.filter(({ service }) => rig.services[service]).map(async ({ name, stream }) => {
    const info = await manager.consumers.info(stream, name);
    return { name, pending: info.num_pending, ackPending: info.num_ack_pending };
  }));
};

/** Rows that wait to be published, by table. */
export const leftOver = async (rig: Rig): Promise<Record<string, number>> => {
  const tables = await rig.query<{ table: string }>(
    "SELECT format('%I.%I', table_schema, table_name) AS table FROM information_schema.tables WHERE table_name IN ('outbox', 'spool') ORDER BY 1");
  const counts = await Promise.all(tables.map(async ({ table }) => [table, (await rig.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]!.n] as const));
  return Object.fromEntries(counts);
};

const messagesOf = async (rig: Rig, stream: string, from: number, filter: string): Promise<{ data: Uint8Array; headers: Record<string, string> }[]> => {
  const consumer = await jetstream(await rig.nats.connection()).consumers.get(stream, { filter_subjects: [filter], opt_start_seq: from + 1, deliver_policy: 'by_start_sequence' });
  const found: { data: Uint8Array; headers: Record<string, string> }[] = [];
  for (let { num_pending: left } = await consumer.info(); left > 0;) {
    for await (const message of await consumer.fetch({ max_messages: Math.min(left, 500), expires: 5_000 })) {
      found.push({ data: message.data, headers: Object.fromEntries((message.headers?.keys() ?? []).map((key) => [key, message.headers!.get(key)])) });
      left -= 1;
      if (message.info.pending === 0) left = 0;
    }
  }
  return found;
};

const snapshots = async (rig: Rig, from: number): Promise<RunSnapshot[]> =>
  (await messagesOf(rig, 'EVENTS', from, 'events.router.>')).flatMap(({ data }) => {
    const { run } = (JSON.parse(Buffer.from(data).toString()) as CloudEvent<Partial<RunChanged>>).data;
    return run ? [run] : [];
  });

// A run's date is that of its router's clock, which a scenario may have put wrong: runs that were promised are asked for by name.
const runs = (rig: Rig, since: Date, promised: readonly Promised[]): Promise<RunFact[]> => rig.query<RunFact>(
  `SELECT r.id, r.flow, r.state, r.document->>'reason' AS reason, r.version, s.version AS "shownVersion" FROM router.runs r LEFT JOIN status.runs s ON s.id = r.id::text WHERE r.created_at >= $1 OR r.id = ANY($2)`,
  [since, promised.flatMap(({ run }) => run ?? [])]);

const commands = (rig: Rig, since: Date): Promise<CommandFact[]> => rig.query<CommandFact>(
  'SELECT id, run, purpose, connection, state, reason, platform_run_key AS "runKey" FROM router.commands WHERE created_at >= $1', [since]);

const dispatches = async (rig: Rig, since: Date): Promise<DispatchFact[]> => (await Promise.all(CONNECTORS.map((platform) => rig.query<DispatchFact>(
  `SELECT command_id AS command, connection, state, reason, run->>'id' AS "platformRun", run_key AS "runKey", unknown_told_at IS NOT NULL AS "toldUnknown"
   FROM ${platform}_connector.dispatches WHERE created_at >= $1`, [since])))).flat();

/** `<connection>:<delivery>` of the events that the router has taken. */
const inbox = async (rig: Rig, since: Date): Promise<Set<string>> => {
  const rows = await rig.query<{ hook: string }>(
    `SELECT DISTINCT split_part(message_id, ':', 1) || ':' || split_part(message_id, ':', 2) AS hook FROM router.inbox WHERE taken_at >= $1`, [since]);
  return new Set(rows.map(({ hook }) => hook));
};

const journals = (rig: Rig): Pick<Facts, 'triggers' | 'platformRuns'> => {
  const entries = rig.platforms.all.flatMap((platform) => platform.journal());
  const platformRuns = new Map<string, Set<string>>();
  for (const told of entries.map(platformRunOf)) if (told) platformRuns.set(told.command, (platformRuns.get(told.command) ?? new Set()).add(told.run));
  return { triggers: entries.flatMap((entry) => triggerOf(entry) ?? []), platformRuns };
};

const processes = (rig: Rig): ProcessFact[] => rig.processes.filter(({ isRunning }) => isRunning)
  .map(({ name, pid }) => ({ name, rssMegabytes: Math.round(rssBytesOf(pid) / 1_000_000), handles: handlesOf(pid) }));

/** All facts since the mark. Call it when it is quiet. */
export const gather = async (rig: Rig, from: Mark): Promise<Facts> => {
  const promised = rig.driver.ledger.promised().filter((one) => !from.ledger.has(one));
  const dead = await messagesOf(rig, 'DEAD_LETTERS', from.sequences.DEAD_LETTERS!, 'dead-letters.>');
  return {
    promised,
    asked: new Set(rig.driver.ledger.all().flatMap(({ run }) => run ?? [])),
    inbox: await inbox(rig, from.at),
    buried: new Set(dead.flatMap(({ headers }) => headers[HEADERS.hookId] ?? [])),
    runs: await runs(rig, from.at, promised),
    commands: await commands(rig, from.at),
    dispatches: await dispatches(rig, from.at),
    ...journals(rig),
    snapshots: await snapshots(rig, from.sequences.EVENTS!),
    histories: await faultsOfHistories((sql, values) => rig.query(sql, values), from.at),
    consumers: await consumersOfRig(rig),
    leftOver: await leftOver(rig),
    deadLetters: dead.length,
    exits: rig.exits().slice(from.exits),
    processes: processes(rig),
    since: from.at.toISOString(),
  };
};
