import type { Command } from 'commander';
import { apiCommand, clientOf, type JsonOption } from '../api/api-command.js';
import { listed, listing, printList, type ListOptions } from '../api/list.js';
import type { ApiOptions } from '../api/status.client.js';
import { UsageError, type Terminal } from '../terminal.js';
import { asDetails, asTable } from './format.js';
import { pathOf, type Run, type RunFilter } from './runs.js';

type RunsOptions = ApiOptions & JsonOption & RunFilter & ListOptions;

/** `stellwerk runs [ID]`. */
export const runsCommand = (terminal: Terminal): Command =>
  listing(apiCommand('runs', 'Runs, newest first; or everything of one').argument('[id]')
    .option('--flow <name>', 'of one flow')
    .option('--state <states>', 'in one state, or in several by commas: queued, running, waiting, succeeded, failed, cancelled, rolling-back, rolled-back')
    .option('--repository <name>', 'of one repository')
    .option('--branch <name>', 'of one branch')
    .option('--sha <id>', 'of one commit: its id, or the beginning of it'), 20)
    .action((id: string | undefined, options: RunsOptions) => (id === undefined ? showList(options, terminal) : show(id, options, terminal)));

const showList = async (options: RunsOptions, terminal: Terminal): Promise<void> => {
  const { flow, state, repository, branch, sha } = options;
  const list = await listed<Run>(clientOf(options), '/api/runs', { flow, state, repository, branch, sha }, options);
  printList(list, { json: options.json, none: 'no runs', asTable }, terminal);
};

const show = async (id: string, options: RunsOptions, terminal: Terminal): Promise<void> => {
  const { flow, state, repository, branch, sha, cursor } = options;
  if ([flow, state, repository, branch, sha, cursor].some((filter) => filter !== undefined)) throw new UsageError('name a run, or filter runs; not both');
  const run = await clientOf(options).get<Run>(pathOf(id));
  if (options.json) return terminal.out(JSON.stringify(run, null, 2));
  for (const line of asDetails(run)) terminal.out(line);
};
