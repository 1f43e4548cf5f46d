import { Command, Option } from 'commander';
import { apiCommand, clientOf, timeText, type JsonOption } from '../api/api-command.js';
import { listed, listing, printList, type ListOptions } from '../api/list.js';
import type { ApiOptions } from '../api/status.client.js';
import type { Terminal } from '../terminal.js';
import { asDetails, asTable } from './format.js';
import { pathOf, selectionBody, type DeadLetter, type Selection } from './letters.js';
import { purgeLetters, replayLetters, type PurgeOptions, type ReplayOptions } from './order-letters.js';

interface LettersOptions extends ApiOptions, JsonOption, Selection, ListOptions {
  state: string;
}

type Exit = (code: number) => void;

/** `stellwerk dead-letters list|show|replay|purge`. */
export const deadLettersCommand = (terminal: Terminal, exit: Exit): Command =>
  new Command('dead-letters')
    .helpCommand(false)
    .description('Messages that could not be handled: see why, send them once more, or give them up')
    .addCommand(listing(selecting(apiCommand('list', 'Dead letters, newest first; the open ones unless --state says otherwise'))
      .addOption(new Option('--state <state>', 'those in this state').choices(['open', 'replayed', 'purged', 'all']).default('open')), 50)
      .action((options: LettersOptions) => showList(options, terminal)))
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
  .option('--since <time>', 'since then: 30m, 2h, 7d, or RFC 3339', timeText)
  .option('--until <time>', 'until then', timeText);

const showList = async (options: LettersOptions, terminal: Terminal): Promise<void> => {
  const { stream, consumer, message, since, until, state } = options;
  const filter = { ...selectionBody({ stream, consumer, message, since, until }), ...(state !== 'all' && { state }) };
  const list = await listed<DeadLetter>(clientOf(options), '/api/dead-letters', filter, options);
  printList(list, { json: options.json, none: `no ${state === 'all' ? '' : `${state} `}dead letters`, asTable }, terminal);
};

const show = async (id: string, options: ApiOptions & JsonOption, terminal: Terminal): Promise<void> => {
  const letter = await clientOf(options).get<DeadLetter>(pathOf(id));
  if (options.json) return terminal.out(JSON.stringify(letter, null, 2));
  for (const line of asDetails(letter)) terminal.out(line);
};
