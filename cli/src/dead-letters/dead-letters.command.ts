import { Command, Option } from 'commander';
import { apiCommand, clientOf, wholeNumber, type JsonOption } from '../api/api-command.js';
import type { ApiOptions } from '../api/status.client.js';
import type { Terminal } from '../terminal.js';
import { asDetails, asTable } from './format.js';
import { listLetters, pathOf, type DeadLetter, type Selection } from './letters.js';
import { purgeLetters, replayLetters, type PurgeOptions, type ReplayOptions } from './order-letters.js';

interface ListOptions extends ApiOptions, JsonOption, Selection {
  state: string;
  limit: number;
}

type Exit = (code: number) => void;

/** `stellwerk dead-letters list|show|replay|purge`. */
export const deadLettersCommand = (terminal: Terminal, exit: Exit): Command =>
  new Command('dead-letters')
    .helpCommand(false)
    .description('Messages that could not be handled: see why, send them once more, or give them up')
    .addCommand(selecting(apiCommand('list', 'Dead letters, newest first; the open ones unless --state says otherwise'))
      .addOption(new Option('--state <state>', 'those in this state').choices(['open', 'replayed', 'purged', 'all']).default('open'))
      .option('--limit <number>', 'at most so many', wholeNumber, 50)
      .action((options: ListOptions) => list(options, terminal)))
    .addCommand(apiCommand('show', 'Everything of one dead letter; its body for operators only').argument('<id>')
      .action((id: string, options: ApiOptions & JsonOption) => show(id, options, terminal)))
    .addCommand(selecting(apiCommand('replay', 'Send dead letters once more, as they came; nothing is done twice').argument('[id...]'))
      .option('--all', 'every open one')
      .option('--again', 'also those named that were replayed before')
      .option('--no-wait', 'do not wait until they are sent')
      .action(async (ids: string[], options: ReplayOptions) => exit(await replayLetters(ids, options, terminal))))
    .addCommand(selecting(apiCommand('purge', 'Give dead letters up: their bodies are erased, what they were stays on record').argument('[id...]'))
      .option('--all', 'every open one')
      .requiredOption('--reason <text>', 'why; kept in the audit log')
      .action(async (ids: string[], options: PurgeOptions) => exit(await purgeLetters(ids, options, terminal))));

const selecting = (command: Command): Command => command
  .option('--stream <name>', 'of one stream, e.g. EVENTS')
  .option('--consumer <name>', 'given up by one consumer, e.g. router-events')
  .option('--message <id>', 'of one message')
  .option('--since <time>', 'since then: 30m, 2h, 7d, or RFC 3339')
  .option('--until <time>', 'until then');

const list = async (options: ListOptions, terminal: Terminal): Promise<void> => {
  const { stream, consumer, message, since, until, state, limit } = options;
  const filter = { stream, consumer, message, since, until, ...(state !== 'all' && { state }) };
  const { items, more } = await listLetters(clientOf(options), filter, limit);
  if (options.json) return terminal.out(JSON.stringify({ items, more }, null, 2));
  if (items.length === 0) return terminal.out(`no ${state === 'all' ? '' : `${state} `}dead letters`);
  for (const line of asTable(items)) terminal.out(line);
  if (more) terminal.err(`there are more than ${limit}; --limit shows more`);
};

const show = async (id: string, options: ApiOptions & JsonOption, terminal: Terminal): Promise<void> => {
  const letter = await clientOf(options).get<DeadLetter>(pathOf(id));
  if (options.json) return terminal.out(JSON.stringify(letter, null, 2));
  for (const line of asDetails(letter)) terminal.out(line);
};
