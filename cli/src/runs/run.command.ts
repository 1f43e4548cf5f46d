import type { Command } from 'commander';
import { apiCommand, clientOf, collect, type JsonOption } from '../api/api-command.js';
import type { ApiOptions, StatusClient } from '../api/status.client.js';
import { EXIT, UsageError, type Terminal } from '../terminal.js';
import { followRun } from './follow-run.js';

interface RunOptions extends ApiOptions, JsonOption {
  input: string[];
  key?: string;
  follow?: boolean;
}

interface Started {
  id: string;
  detail: string;
  duplicate: boolean;
  links: { run: string; page: string };
}

/** `stellwerk run FLOW`. */
export const runCommand = (terminal: Terminal, exit: (code: number) => void): Command =>
  apiCommand('run', 'Start a flow by hand; with --follow, exit 1 unless the run succeeds').argument('<flow>')
    .option('-i, --input <name=value>', 'an input; may be repeated', collect, [])
    .option('--key <text>', 'what you call this order: the same key starts one run, however often it is sent')
    .option('--follow', 'tell what happens until the run ends')
    .action(async (flow: string, options: RunOptions) => exit(await start(flow, options, terminal)));

const start = async (flow: string, options: RunOptions, terminal: Terminal): Promise<number> => {
  const client = clientOf(options);
  const inputs = await typedInputs(client, flow, options.input.map(splitInput));
  const started = await client.post<Started>(`/api/flows/${encodeURIComponent(flow)}/runs`, { inputs }, { 'idempotency-key': options.key });
  const say = (text: string): void => (options.follow ? terminal.err(text) : terminal.out(text));
  if (!options.json) say(`${started.id}: ${started.detail}, ${started.links.page}`);
  if (!options.follow) {
    if (options.json) terminal.out(JSON.stringify(started, null, 2));
    return EXIT.ok;
  }
  const run = await followRun(client, { id: started.id, after: 0 }, terminal);
  terminal.out(options.json ? JSON.stringify(run, null, 2) : `${run.id}: ${run.state}`);
  return run.state === 'succeeded' ? EXIT.ok : EXIT.faults;
};

const splitInput = (text: string): [string, string] => {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`-i ${text}: expected name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
};

type InputType = 'text' | 'number' | 'boolean';

/** A command line has only texts: they become what the flow declares. What does not fit stays text, and the service says all that is wrong. */
const typedInputs = async (client: StatusClient, flow: string, given: readonly [string, string][]): Promise<Record<string, unknown>> => {
  const twice = given.find(([name], at) => given.findIndex(([other]) => other === name) !== at);
  if (twice) throw new UsageError(`-i ${twice[0]} is given twice`);
  if (given.length === 0) return {};
  const { items } = await client.get<{ items: { name: string; inputs?: { name: string; type: InputType }[] }[] }>('/api/flows');
  const declared = items.find(({ name }) => name === flow)?.inputs ?? [];
  return Object.fromEntries(given.map(([name, text]) => [name, typed(text, declared.find((input) => input.name === name)?.type)]));
};

const typed = (text: string, type: InputType | undefined): unknown => {
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  return text;
};
