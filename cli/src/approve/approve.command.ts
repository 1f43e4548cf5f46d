import type { Command } from 'commander';
import { apiCommand, clientOf, type JsonOption } from '../api/api-command.js';
import { listed, listing, printList, type ListOptions } from '../api/list.js';
import type { ApiOptions } from '../api/status.client.js';
import { UsageError, type Terminal } from '../terminal.js';
import { asTable, type Approval } from './approvals.js';

interface ApproveOptions extends ApiOptions, JsonOption, ListOptions {
  deny?: boolean;
  comment?: string;
  all?: boolean;
  flow?: string;
  run?: string;
}

/** `stellwerk approve [ID]`. */
export const approveCommand = (terminal: Terminal): Command =>
  listing(apiCommand('approve', 'Approve what a step asks for, or deny it; without an id: what waits for people')
    .argument('[id]', 'of the approval')
    .option('--deny', 'say no: one is enough, and the step fails')
    .option('--comment <text>', 'kept with the vote, and shown')
    .option('--all', 'list the decided ones too')
    .option('--flow <name>', 'list those of one flow')
    .option('--run <id>', 'list those of one run'), 50)
    .action((id: string | undefined, options: ApproveOptions) => (id === undefined ? showList(options, terminal) : vote(id, options, terminal)));

const vote = async (id: string, { deny, comment, all, flow, run, cursor, ...options }: ApproveOptions, terminal: Terminal): Promise<void> => {
  if (all || [flow, run, cursor].some((value) => value !== undefined)) throw new UsageError('--all, --flow, --run and --cursor are for the list: leave out the id, or them');
  const answer = await clientOf(options).post<{ detail: string }>(`/api/approvals/${encodeURIComponent(id)}`, { decision: deny ? 'deny' : 'approve', comment });
  terminal.out(options.json ? JSON.stringify(answer, null, 2) : answer.detail);
};

const showList = async ({ deny, comment, all, flow, run, ...options }: ApproveOptions, terminal: Terminal): Promise<void> => {
  if (deny || comment !== undefined) throw new UsageError('say which approval: its id stands in the list (stellwerk approve)');
  const list = await listed<Approval>(clientOf(options), '/api/approvals', { ...(!all && { state: 'requested' }), flow, run }, options);
  printList(list, { json: options.json, none: all ? 'no approvals' : 'nothing waits for people', asTable }, terminal);
};
