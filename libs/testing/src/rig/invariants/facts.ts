import type { RunSnapshot } from '@stellwerk/contracts';
import type { HistoryFault } from '../../run-histories.js';
import type { JournalEntry } from '@stellwerk/simulators';
import type { Promised } from '../driver/ledger.js';
import type { ProcessExit } from '../own-process.js';

/** One rule of the fault suite that was broken, in words. */
export interface Violation {
  invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8';
  text: string;
}

/** What a scenario causes on purpose. */
export interface Expected {
  /** Messages in DEAD_LETTERS that are new. Default 0. */
  deadLetters?: number;
  /** Commands whose outcome nobody can know, left to a person. Default 0. */
  unknown?: number;
  /** Commands the platform refuses or that cannot be sent. Default 0. */
  rejected?: number;
  /** Runs that end otherwise than `succeeded`. Default 0. */
  unhappy?: number;
  /** Accepted triggers without our id, where a platform takes none. Default 0. */
  anonymous?: number;
  /** A router of a version that keeps no history moves runs as well: what it did is not known. */
  historyless?: boolean;
  /** Memory of a service process, in megabytes. Default 300. */
  rssMegabytes?: number;
  /** Open files and sockets of a service process. Default 300. */
  handles?: number;
}

export interface RunFact {
  id: string;
  flow: string;
  state: string;
  /** Why it is as it is. */
  reason: string | null;
  version: number;
  /** Version the read model shows; absent when it does not know the run. */
  shownVersion?: number;
}

export interface CommandFact {
  id: string;
  run: string;
  purpose: string;
  connection: string;
  state: string;
  reason: string | null;
  runKey: string | null;
}

export interface DispatchFact {
  command: string;
  connection: string;
  state: string;
  reason: string | null;
  platformRun: string | null;
  runKey: string | null;
  toldUnknown: boolean;
}

/** A request that starts something at a platform, from its journal. */
export interface Trigger {
  platform: string;
  /** Empty: it carried no id of ours. */
  command: string;
  at: string;
  /** The platform acted, whether or not anybody heard its answer. */
  accepted: boolean;
  status?: number;
}

export interface ConsumerFact {
  name: string;
  pending: number;
  ackPending: number;
}

export interface ProcessFact {
  name: string;
  rssMegabytes: number;
  handles: number;
}

/** Everything the invariants are checked against, gathered from the ledger, the databases, the journals and the broker: never from our logs. */
export interface Facts {
  promised: readonly Promised[];
  /** Runs that deliveries of the driver stand for, with a 2xx or without: what was sent may have been taken. */
  asked: ReadonlySet<string>;
  /** Hook ids (`<connection>:<delivery>`) that the router's inbox knows, by the events made of them. */
  inbox: ReadonlySet<string>;
  /** Hook ids found in dead letters. */
  buried: ReadonlySet<string>;
  runs: readonly RunFact[];
  commands: readonly CommandFact[];
  dispatches: readonly DispatchFact[];
  /** Of all time; those since the mark are told by `at`. */
  triggers: readonly Trigger[];
  /** The platform's run of a command, as the platform told it in answers and hooks. */
  platformRuns: ReadonlyMap<string, ReadonlySet<string>>;
  snapshots: readonly RunSnapshot[];
  /** Runs that are stored otherwise than their history says. */
  histories: readonly HistoryFault[];
  consumers: readonly ConsumerFact[];
  /** Rows not published yet, by table. */
  leftOver: Readonly<Record<string, number>>;
  deadLetters: number;
  exits: readonly ProcessExit[];
  processes: readonly ProcessFact[];
  since: string;
}

const COMMAND = /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}:[\w-]+:(?:run|rollback|cancel|report):\d+/;
const STARTS = /\/(pipeline|trigger\/pipeline|build|buildWithParameters|dispatches)$/;
/** The command id a text carries, however it is encoded. */
export const commandIn = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  return COMMAND.exec(text)?.[0] ?? COMMAND.exec(text.replaceAll(/%3A/gi, ':'))?.[0];
};

/** The trigger a journal entry stands for; undefined for all other requests. */
export const triggerOf = ({ kind, method, path, body, answer, fault, acted, decided, simulator, at }: JournalEntry): Trigger | undefined => {
  if (kind !== 'request' || method !== 'POST' || !STARTS.test(path.split('?')[0]!)) return undefined;
  const command = commandIn(body) ?? commandIn(path) ?? '';
  const accepted = acted !== false && ((fault === undefined ? answer?.status : decided) ?? 599) < 400;
  return { platform: simulator, command, at, accepted, status: answer?.status };
};

type Fields = Record<string, any>;

/** The id of the platform's run an answer or a hook of a platform tells for one of our commands. */
export const platformRunOf = ({ kind, simulator, body, answer }: JournalEntry): { command: string; run: string } | undefined => {
  const command = commandIn(body);
  if (!command) return undefined;
  const told = kind === 'request' ? (answer?.body as Fields | undefined) : (body as Fields);
  const run = kind === 'request' ? (told?.id ?? told?.workflow_run_id) : (told?.workflow_run?.id ?? told?.object_attributes?.id ?? told?.build?.number);
  if (run === undefined || (kind === 'hook' && simulator === 'gitlab' && told?.object_kind !== 'pipeline')) return undefined;
  return { command, run: String(run) };
};
