import { clientOf, type JsonOption } from '../api/api-command.js';
import type { ApiOptions, StatusClient } from '../api/status.client.js';
import { followReplay, progressOf, type Replay } from '../replay/follow-replay.js';
import { CommandFailed, EXIT, UsageError, type Terminal } from '../terminal.js';
import { pathOf, selectionBody, type LetterOrder, type LettersOrder, type Selection } from './letters.js';

interface OrderOptions extends ApiOptions, JsonOption, Selection {
  all?: boolean;
}

export interface ReplayOptions extends OrderOptions {
  again?: boolean;
  wait: boolean;
}

export interface PurgeOptions extends OrderOptions {
  reason: string;
}

/** What became of one letter that was named. */
interface Outcome {
  id: string;
  ok: boolean;
  detail: string;
  replay?: number;
}

const filterOf = ({ stream, consumer, message, since, until }: OrderOptions): Selection => ({ stream, consumer, message, since, until });

/** Either ids, or a filter, or all; never a wide order by an oversight. */
const refuseUnclear = (ids: readonly string[], options: OrderOptions): void => {
  const filtered = Object.values(filterOf(options)).some((value) => value !== undefined);
  if (ids.length > 0 && (filtered || options.all)) throw new UsageError('name ids, or say which by options, not both');
  if (filtered && options.all) throw new UsageError('--all is every open one: leave the other options out');
  if (ids.length === 0 && !filtered && !options.all) throw new UsageError('say which dead letters: ids, --consumer, --stream, --message, --since, --until, or --all');
};

/** Each letter by itself: one that cannot be does not keep the others back. */
const each = async (ids: readonly string[], order: (id: string) => Promise<LetterOrder>): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (const id of ids) {
    try {
      const { detail, letter } = await order(id);
      outcomes.push({ id, ok: true, detail, ...(letter.replay && { replay: letter.replay.number }) });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      outcomes.push({ id, ok: false, detail: error.message });
    }
  }
  return outcomes;
};

const tell = (outcomes: readonly Outcome[], { json }: JsonOption, terminal: Terminal): number => {
  if (json) terminal.out(JSON.stringify(outcomes, null, 2));
  else for (const { id, ok, detail } of outcomes) terminal[ok ? 'out' : 'err'](`${id}: ${detail}`);
  return outcomes.every(({ ok }) => ok) ? EXIT.ok : EXIT.faults;
};

export const replayLetters = async (ids: readonly string[], options: ReplayOptions, terminal: Terminal): Promise<number> => {
  refuseUnclear(ids, options);
  const client = clientOf(options);
  if (ids.length === 0) return replayMany(client, options, terminal);
  const outcomes = await each(ids, (id) => client.post<LetterOrder>(`${pathOf(id)}/replay`, { again: options.again }));
  const code = tell(outcomes, options, terminal);
  if (!options.wait) return code;
  const numbers = new Set(outcomes.flatMap(({ ok, replay }) => (ok && replay !== undefined ? [replay] : [])));
  let failed = 0;
  for (const number of numbers) failed += (await followReplay(client, number, terminal)).failed;
  if (failed > 0) terminal.err(`${failed} could not be sent; show says why`);
  return failed > 0 ? EXIT.faults : code;
};

const replayMany = async (client: StatusClient, options: ReplayOptions, terminal: Terminal): Promise<number> => {
  if (options.again) throw new UsageError('--again is for letters named by their ids');
  const ordered = await client.post<LettersOrder>('/api/dead-letters/replay', { ...selectionBody(filterOf(options)), all: options.all });
  const replay: Replay | undefined = ordered.replay !== null && options.wait ? await followReplay(client, ordered.replay, terminal) : undefined;
  if (options.json) terminal.out(JSON.stringify(replay ?? ordered, null, 2));
  else terminal.out(replay ? progressOf(replay) : ordered.detail);
  return replay && replay.failed > 0 ? EXIT.faults : EXIT.ok;
};

export const purgeLetters = async (ids: readonly string[], options: PurgeOptions, terminal: Terminal): Promise<number> => {
  refuseUnclear(ids, options);
  const client = clientOf(options);
  const { reason } = options;
  if (ids.length > 0) return tell(await each(ids, (id) => client.post<LetterOrder>(`${pathOf(id)}/purge`, { reason })), options, terminal);
  const ordered = await client.post<LettersOrder>('/api/dead-letters/purge', { ...selectionBody(filterOf(options)), all: options.all, reason });
  terminal.out(options.json ? JSON.stringify(ordered, null, 2) : ordered.detail);
  return EXIT.ok;
};
