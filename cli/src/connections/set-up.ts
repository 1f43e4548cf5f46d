import { clientOf, type JsonOption } from '../api/api-command.js';
import type { ApiOptions, StatusClient } from '../api/status.client.js';
import { EXIT, UsageError, type Terminal } from '../terminal.js';
import { listConnections, named, setUp, type HookChange } from './connections.js';
import { asChange } from './format.js';

export interface SetUpOptions extends ApiOptions, JsonOption {
  repository?: string[];
  dryRun?: boolean;
  yes?: boolean;
}

/** The status service takes so many at once. */
const AT_ONCE = 20;

const isOpen = ({ action }: HookChange): boolean => action === 'create' || action === 'change';

/** Shows what would be done, and does it when it may. @returns the exit code: 1 when something cannot be set up, or nobody said yes */
export const setUpConnection = async (name: string, options: SetUpOptions, terminal: Terminal): Promise<number> => {
  const { repository: repositories } = options;
  if (repositories && repositories.length > AT_ONCE) throw new UsageError(`--repository ${repositories.length} times: at most ${AT_ONCE} at once`);
  const client = clientOf(options);
  named(await listConnections(client), name);
  const plan = await setUp(client, name, { repositories, dryRun: true });
  const open = plan.filter(isOpen);
  if (options.dryRun || open.length === 0) return tell(plan, options, terminal);
  if (!(await mayDo(plan, options, terminal))) return EXIT.faults;
  return tell(await doAll(client, name, plan, terminal), options, terminal);
};

const tell = (changes: readonly HookChange[], { json }: JsonOption, terminal: Terminal): number => {
  if (json) terminal.out(JSON.stringify({ changes }, null, 2));
  else if (changes.length === 0) terminal.out('no repository leads to it: name one with --repository, or in a flow');
  else for (const line of changes.flatMap(asChange)) terminal.out(line);
  return changes.some(({ action }) => action === 'refused') ? EXIT.faults : EXIT.ok;
};

/** A person at a terminal is asked; a script says --yes. */
const mayDo = async (plan: readonly HookChange[], { yes, json }: SetUpOptions, terminal: Terminal): Promise<boolean> => {
  if (yes) return true;
  if (json || !terminal.ask) throw new UsageError('it would change something: say --yes, or --dry-run to see what');
  for (const line of plan.flatMap(asChange)) terminal.out(line);
  if (await terminal.ask('Do this? [y/N] ')) return true;
  terminal.err('nothing was changed');
  return false;
};

/** One after the other, so that progress shows; those with nothing to do stay as they were found. */
const doAll = async (client: StatusClient, name: string, plan: readonly HookChange[], terminal: Terminal): Promise<HookChange[]> => {
  const open = plan.filter(isOpen);
  const done: HookChange[] = [];
  for (const change of plan) {
    if (!isOpen(change)) {
      done.push(change);
      continue;
    }
    terminal.err(`${open.indexOf(change) + 1} of ${open.length}: ${change.place} …`);
    done.push(...(await setUp(client, name, { repositories: [change.place], dryRun: false })));
  }
  return done;
};
