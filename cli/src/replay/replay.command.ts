import { Command } from 'commander';
import { apiCommand, clientOf, collect, timeText, type JsonOption } from '../api/api-command.js';
import type { ApiOptions } from '../api/status.client.js';
import { table } from '../api/table.js';
import { EXIT, UsageError, type Terminal } from '../terminal.js';
import { followReplay, progressOf, type Replay } from './follow-replay.js';

interface HooksOptions extends ApiOptions, JsonOption {
  since?: string;
  until?: string;
  connection?: string;
  id?: string[];
  again?: boolean;
  dryRun?: boolean;
  wait: boolean;
}

type Options = ApiOptions & JsonOption;
type Exit = (code: number) => void;

/** `stellwerk replay hooks|list|show|stop`. */
export const replayCommand = (terminal: Terminal, exit: Exit): Command =>
  new Command('replay')
    .helpCommand(false)
    .description('Normalize stored hooks once more, and look at replays')
    .addCommand(hooks(terminal, exit))
    .addCommand(apiCommand('list', 'Replays of hooks and of dead letters, newest first').action((options: Options) => list(options, terminal)))
    .addCommand(apiCommand('show', 'One replay and how far it is').argument('<number>').action((number: string, options: Options) => show(number, options, terminal)))
    .addCommand(apiCommand('stop', 'Stop a replay of hooks; what was sent stays sent').argument('<number>').action((number: string, options: Options) => stop(number, options, terminal)));

const hooks = (terminal: Terminal, exit: Exit): Command =>
  apiCommand('hooks', 'Normalize stored hooks once more, e.g. after a fix: starts what never started, and nothing twice')
    .option('--since <time>', 'hooks received since then: 30m, 2h, 7d, or RFC 3339', timeText)
    .option('--until <time>', 'hooks received until then; now by default', timeText)
    .option('--connection <name>', 'hooks of one connection')
    .option('--id <hook>', 'one hook by its id; may be repeated', collect)
    .option('--again', 'make new facts: whatever these hooks have started starts once more')
    .option('--dry-run', 'count only')
    .option('--no-wait', 'do not wait for the end')
    .action(async (options: HooksOptions) => exit(await replayHooks(options, terminal)));

const replayHooks = async (options: HooksOptions, terminal: Terminal): Promise<number> => {
  const { since, until, connection, id: ids, again, dryRun } = options;
  if (since === undefined && ids === undefined) throw new UsageError('say which hooks: --since 2h, or --id');
  const client = clientOf(options);
  const ordered = await client.post<Replay>('/api/hooks/replay', { since, until, connection, ids, again, dryRun });
  const replay = options.wait ? await followReplay(client, ordered.number, terminal) : ordered;
  terminal.out(options.json ? JSON.stringify(replay, null, 2) : progressOf(replay));
  return replay.state === 'stopped' ? EXIT.faults : EXIT.ok;
};

const list = async (options: Options, terminal: Terminal): Promise<void> => {
  const page = await clientOf(options).get<{ items: Replay[]; next: string | null }>('/api/replays');
  if (options.json) return terminal.out(JSON.stringify(page, null, 2));
  if (page.items.length === 0) return terminal.out('no replays');
  const rows = page.items.map((replay) => [String(replay.number), replay.kind, replay.createdAt, replay.by, progressOf(replay).replace(/^replay \d+ /, '')]);
  for (const line of table([['NUMBER', 'KIND', 'AT', 'BY', 'STATE'], ...rows])) terminal.out(line);
};

const show = async (number: string, options: Options, terminal: Terminal): Promise<void> =>
  print(await clientOf(options).get<Replay>(`/api/replays/${encodeURIComponent(number)}`), options, terminal);

const stop = async (number: string, options: Options, terminal: Terminal): Promise<void> =>
  print(await clientOf(options).post<Replay>(`/api/replays/${encodeURIComponent(number)}/stop`, {}), options, terminal);

const print = (replay: Replay, { json }: JsonOption, terminal: Terminal): void =>
  terminal.out(json ? JSON.stringify(replay, null, 2) : progressOf(replay));
