import { InvalidArgumentError, type Command } from 'commander';
import { apiCommand, clientOf, type JsonOption } from '../api/api-command.js';
import type { ApiOptions } from '../api/status.client.js';
import { UsageError, type Terminal } from '../terminal.js';
import { asTable, listApprovals } from './approvals.js';

interface ApproveOptions extends ApiOptions, JsonOption {
  deny?: boolean;
  comment?: string;
  all?: boolean;
  flow?: string;
  run?: string;
  limit: number;
}

const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1');
  return Number(text);
};

/** `stellwerk approve [ID]`. */
export const approveCommand = (terminal: Terminal): Command =>
  apiCommand('approve', 'Approve what a step asks for, or deny it; without an id: what waits for people')
    .argument('[id]', 'of the approval')
    .option('--deny', 'say no: one is enough, and the step fails')
    .option('--comment <text>', 'kept with the vote, and shown')
    .option('--all', 'list the decided ones too')
    .option('--flow <name>', 'list those of one flow')
    .option('--run <id>', 'list those of one run')
    .option('--limit <number>', 'list at most so many', wholeNumber, 50)
    .action((id: string | undefined, options: ApproveOptions) => (id === undefined ? list(options, terminal) : vote(id, options, terminal)));

const vote = async (id: string, { deny, comment, all, flow, run, ...options }: ApproveOptions, terminal: Terminal): Promise<void> => {
  if (all || flow !== undefined || run !== undefined) throw new UsageError('--all, --flow and --run are for the list: leave out the id, or them');
  const answer = await clientOf(options).post<{ detail: string }>(`/api/approvals/${encodeURIComponent(id)}`, { decision: deny ? 'deny' : 'approve', comment });
  terminal.out(options.json ? JSON.stringify(answer, null, 2) : answer.detail);
};

const list = async ({ deny, comment, all, flow, run, limit, ...options }: ApproveOptions, terminal: Terminal): Promise<void> => {
  if (deny || comment !== undefined) throw new UsageError('say which approval: its id stands in the list (stellwerk approve)');
  const { items, more } = await listApprovals(clientOf(options), { ...(!all && { state: 'requested' }), flow, run }, limit);
  if (options.json) return terminal.out(JSON.stringify({ items, more }, null, 2));
  if (items.length === 0) return terminal.out(all ? 'no approvals' : 'nothing waits for people');
  for (const line of asTable(items)) terminal.out(line);
  if (more) terminal.err(`there are more than ${limit}; --limit shows more`);
};
