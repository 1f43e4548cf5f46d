import type { Command } from 'commander';
import { apiCommand, clientOf, wholeNumber, type JsonOption } from '../api/api-command.js';
import type { ApiOptions } from '../api/status.client.js';
import { UsageError, type Terminal } from '../terminal.js';
import { asDetails, asTable } from './format.js';
import { listRuns, pathOf, type Run, type RunFilter } from './runs.js';

interface RunsOptions extends ApiOptions, JsonOption, RunFilter {
  limit: number;
}

/** `stellwerk runs [ID]`. */
export const runsCommand = (terminal: Terminal): Command =>
  apiCommand('runs', 'Runs, newest first; or everything of one').argument('[id]')
    .option('--flow <name>', 'of one flow')
    .option('--state <states>', 'in one state, or in several by commas: queued, running, waiting, succeeded, failed, cancelled, rolling-back, rolled-back')
    .option('--repository <name>', 'of one repository')
    .option('--branch <name>', 'of one branch')
    .option('--sha <id>', 'of one commit: its id, or the beginning of it')
    .option('--limit <number>', 'at most so many', wholeNumber, 20)
    .action((id: string | undefined, options: RunsOptions) => (id === undefined ? list(options, terminal) : show(id, options, terminal)));

const list = async (options: RunsOptions, terminal: Terminal): Promise<void> => {
  const { flow, state, repository, branch, sha, limit } = options;
  const { items, more } = await listRuns(clientOf(options), { flow, state, repository, branch, sha }, limit);
  if (options.json) return terminal.out(JSON.stringify({ items, more }, null, 2));
  if (items.length === 0) return terminal.out('no runs');
  for (const line of asTable(items)) terminal.out(line);
  if (more) terminal.err(`there are more than ${limit}; --limit shows more`);
};

const show = async (id: string, options: RunsOptions, terminal: Terminal): Promise<void> => {
  const { flow, state, repository, branch, sha } = options;
  if ([flow, state, repository, branch, sha].some((filter) => filter !== undefined)) throw new UsageError('name a run, or filter runs; not both');
  const run = await clientOf(options).get<Run>(pathOf(id));
  if (options.json) return terminal.out(JSON.stringify(run, null, 2));
  for (const line of asDetails(run)) terminal.out(line);
};
