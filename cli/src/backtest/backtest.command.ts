import type { Platform } from '@stellwerk/contracts';
import type { EventContext, Flow } from '@stellwerk/flows';
import { Backtest } from '@stellwerk/trial';
import type { Command } from 'commander';
import { apiCommand, clientOf, timeText, type JsonOption } from '../api/api-command.js';
import type { ApiOptions, StatusClient } from '../api/status.client.js';
import { loadValid } from '../events/load-valid.js';
import { EXIT, UsageError, type Terminal } from '../terminal.js';
import { asJson, asText } from './format.js';
import { eventsInFile, storedEvents } from './stored-events.js';

interface BacktestOptions extends ApiOptions, JsonOption {
  since: string;
  events?: string;
  against?: string;
  examples: string;
  exitCode?: boolean;
}

const TELL_EVERY = 10_000;

/** `stellwerk backtest DIR`. */
export const backtestCommand = (terminal: Terminal, exit: (code: number) => void): Command =>
  apiCommand('backtest', 'Stored events against changed flows: which runs would start, vanish or differ; nothing is triggered')
    .argument('<dir>', 'config directory with the changed flows')
    .option('--since <time>', 'events since then: 30m, 12h, 7d, or an RFC 3339 time', timeText, '7d')
    .option('--events <file>', 'take the events from a file instead, one JSON a line')
    .option('--against <dir>', 'compare with the flows there, not with those in force')
    .option('--examples <count>', 'how many runs of each kind are shown for a flow', '3')
    .option('--exit-code', 'exit 1 when a run would be another')
    .action(async (dir: string, options: BacktestOptions) => {
      const examples = countOf(options.examples);
      const backtest = await run(dir, options, terminal);
      if (options.json) terminal.out(asJson(backtest));
      else for (const line of asText(backtest, examples)) terminal.out(line);
      exit(options.exitCode && backtest.changes.length > 0 ? EXIT.faults : EXIT.ok);
    });

const countOf = (text: string): number => {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--examples ${text}: expected a whole number`);
  return Number(text);
};

const run = async (dir: string, options: BacktestOptions, terminal: Terminal): Promise<Backtest> => {
  const { flows, connections, environments } = await loadValid(dir);
  const client = options.events === undefined || options.against === undefined ? clientOf(options) : undefined;
  const before = options.against === undefined ? await inForce(client!) : await fromDirectory(options.against);
  const platforms = Object.fromEntries(Object.values(connections).map(({ name, platform }) => [name, platform]));
  const backtest = new Backtest(before.flows, Object.values(flows), { connections: { ...before.connections, ...platforms }, environments });
  for await (const event of eventsOf(options, client, terminal)) {
    backtest.add(event);
    if (backtest.events % TELL_EVERY === 0) terminal.err(`${backtest.events} events …`);
  }
  return backtest;
};

const eventsOf = ({ events, since }: BacktestOptions, client: StatusClient | undefined, terminal: Terminal): AsyncGenerator<EventContext> =>
  events === undefined ? storedEvents(client!, since) : eventsInFile(events, terminal);

interface Side {
  flows: Flow[];
  connections: Record<string, Platform>;
}

const fromDirectory = async (dir: string): Promise<Side> => {
  const { flows, connections } = await loadValid(dir);
  return { flows: Object.values(flows), connections: Object.fromEntries(Object.values(connections).map(({ name, platform }) => [name, platform])) };
};

const inForce = async (client: StatusClient): Promise<Side> => {
  const [flows, connections] = await Promise.all([
    client.get<{ items: { content: Flow }[] }>('/api/flows', { content: 'true' }), client.get<{ items: { name: string; platform: Platform }[] }>('/api/connections'),
  ]);
  return { flows: flows.items.map(({ content }) => content), connections: Object.fromEntries(connections.items.map(({ name, platform }) => [name, platform])) };
};
