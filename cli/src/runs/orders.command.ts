import type { Command } from 'commander';
import { apiCommand, clientOf, type JsonOption } from '../api/api-command.js';
import type { ApiOptions, StatusClient } from '../api/status.client.js';
import { EXIT, UsageError, type Terminal } from '../terminal.js';
import { followRun } from './follow-run.js';
import { asPlan, type RollbackPlan } from './format.js';
import { pathOf, type Run } from './runs.js';

type Options = ApiOptions & JsonOption;
type FollowOptions = Options & { follow?: boolean };
type Exit = (code: number) => void;

interface Answer {
  detail: string;
}

const tell = (answer: Answer, { json }: JsonOption, terminal: Terminal): void =>
  terminal.out(json ? JSON.stringify(answer, null, 2) : answer.detail);

/** Gives an order, and with --follow tells what comes of it; 0 when the run then ends as it should. */
const give = async (id: string, what: string, goal: string, options: FollowOptions, terminal: Terminal): Promise<number> => {
  const client = clientOf(options);
  const after = options.follow ? (await client.get<Run>(pathOf(id))).version : 0;
  const answer = await client.post<Answer>(`${pathOf(id)}/${what}`, {});
  if (!options.follow) {
    tell(answer, options, terminal);
    return EXIT.ok;
  }
  const run = await followRun(client, { id, after }, terminal);
  terminal.out(options.json ? JSON.stringify(run, null, 2) : `${run.id}: ${run.state}`);
  return run.state === goal ? EXIT.ok : EXIT.faults;
};

/** `stellwerk cancel RUN`. */
export const cancelCommand = (terminal: Terminal): Command =>
  apiCommand('cancel', 'Cancel a run: what runs is cancelled at its platform, nothing is rolled back').argument('<run>')
    .action(async (id: string, options: Options) => tell(await clientOf(options).post<Answer>(`${pathOf(id)}/cancel`, {}), options, terminal));

/** `stellwerk retry RUN`. */
export const retryCommand = (terminal: Terminal, exit: Exit): Command =>
  apiCommand('retry', 'Go on with a run that has ended without success, from its failed steps').argument('<run>')
    .option('--follow', 'tell what happens until the run ends; exit 1 unless it succeeds')
    .action(async (id: string, options: FollowOptions) => exit(await give(id, 'retry', 'succeeded', options, terminal)));

/** `stellwerk rollback RUN`. */
export const rollbackCommand = (terminal: Terminal, exit: Exit): Command =>
  apiCommand('rollback', 'Roll a run back: what runs is cancelled, what was done is undone').argument('<run>')
    .option('--dry-run', 'only show what would be done; exit 1 when nothing can be undone')
    .option('--follow', 'tell what happens until the run ends; exit 1 unless it is rolled back')
    .action(async (id: string, options: FollowOptions & { dryRun?: boolean }) => {
      if (options.dryRun && options.follow) throw new UsageError('a dry run does nothing that could be followed');
      exit(options.dryRun ? await showPlan(clientOf(options), id, options, terminal) : await give(id, 'rollback', 'rolled-back', options, terminal));
    });

const showPlan = async (client: StatusClient, id: string, { json }: Options, terminal: Terminal): Promise<number> => {
  const { plan } = await client.post<{ plan: RollbackPlan }>(`${pathOf(id)}/rollback`, { dryRun: true });
  if (json) terminal.out(JSON.stringify(plan, null, 2));
  else for (const line of asPlan(plan)) terminal.out(line);
  return plan.steps.some(({ undo }) => undo) ? EXIT.ok : EXIT.faults;
};

interface ResolveOptions extends Options {
  ran?: boolean;
  notRan?: boolean;
  run?: string;
}

/** `stellwerk resolve RUN STEP`. */
export const resolveCommand = (terminal: Terminal): Command =>
  apiCommand('resolve', 'Settle a step of which nobody knows whether it ran: look at its platform first').argument('<run>').argument('<step>')
    .option('--ran', 'the platform did run it')
    .option('--run <id>', "with --ran: the platform's run, whose end is then awaited")
    .option('--not-ran', 'the platform did not run it: it is sent once more')
    .action(async (id: string, step: string, options: ResolveOptions) => {
      const { ran = false, notRan = false, run } = options;
      if (ran === notRan) throw new UsageError('say either --ran or --not-ran');
      if (run !== undefined && notRan) throw new UsageError('--run is for --ran');
      tell(await clientOf(options).post<Answer>(`${pathOf(id)}/steps/${encodeURIComponent(step)}/resolve`, { ran, run }), options, terminal);
    });
