import { Command } from 'commander';
import { apiCommand, clientOf, collect, type JsonOption } from '../api/api-command.js';
import type { ApiOptions } from '../api/status.client.js';
import { EXIT, type Terminal } from '../terminal.js';
import { checked, listConnections, named } from './connections.js';
import { asList, asReport } from './format.js';
import { setUpConnection, type SetUpOptions } from './set-up.js';

type Options = ApiOptions & JsonOption;
type Exit = (code: number) => void;

/** `stellwerk connections list|check|setup`. */
export const connectionsCommand = (terminal: Terminal, exit: Exit): Command =>
  new Command('connections')
    .helpCommand(false)
    .description('How the connections to platforms are, and their webhooks')
    .addCommand(apiCommand('list', 'All connections, as they were last seen').action((options: Options) => list(options, terminal)))
    .addCommand(apiCommand('check', 'Have connectors look: credentials, webhooks and their last answers, limits; exit 1 when something is at fault').argument('[name]')
      .action(async (name: string | undefined, options: Options) => exit(await check(name, options, terminal))))
    .addCommand(apiCommand('setup', 'Create or mend the webhooks that lead to a connection; a second time there is nothing to do').argument('<name>')
      .option('--repository <name>', 'of this repository or project alone; may be repeated', collect)
      .option('--dry-run', 'only show what would be done')
      .option('--yes', 'do it without asking')
      .action(async (name: string, options: SetUpOptions) => exit(await setUpConnection(name, options, terminal))));

const list = async (options: Options, terminal: Terminal): Promise<void> => {
  const items = await listConnections(clientOf(options));
  // As the API gives it, which gives all of them at once.
  if (options.json) return terminal.out(JSON.stringify({ items, next: null }, null, 2));
  if (items.length === 0) return terminal.out('no connections');
  for (const line of asList(items)) terminal.out(line);
};

const check = async (name: string | undefined, options: Options, terminal: Terminal): Promise<number> => {
  const client = clientOf(options);
  const connections = named(await listConnections(client), name);
  if (!options.json && connections.length > 1) terminal.err(`looking at ${connections.length} connections …`);
  const items = await Promise.all(connections.map((connection) => checked(client, connection)));
  if (options.json) terminal.out(JSON.stringify({ items }, null, 2));
  else for (const line of items.flatMap(asReport)) terminal.out(line);
  return items.some(({ check: { state } }) => state === 'fault') ? EXIT.faults : EXIT.ok;
};
