import { instanceOrigin, type Command } from '@stellwerk/contracts';
import type { Connection } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';

/** Where on a platform a command works, as far as its `with` tells; absent = it could be anywhere there. */
export interface CommandTarget {
  origin: string;
  repository?: string;
  pipeline?: string;
  /** Of an action that sets a run of the platform going again: its id, or '' where it may be any. */
  repeatsRun?: string;
}

const textAt = (values: Record<string, unknown>, names: readonly string[]): string | undefined =>
  names.map((name) => values[name]).find((value): value is string => typeof value === 'string' && !/^\d+$/.test(value));

const repeatedBy = ({ platform, action, with: values }: Pick<Command, 'platform' | 'action' | 'with'>): string | undefined => {
  const field = actionCatalog[platform].find(({ name }) => name === action)?.repeats;
  if (field === undefined) return undefined;
  const named = String(values[field] ?? '');
  return /^\d+$/.test(named) ? named : '';
};

/** Numeric ids of projects and workflows are no names that events carry, so they say nothing. */
export const targetOf = (command: Pick<Command, 'connection' | 'platform' | 'action' | 'with' | 'awaitPipeline'>, connection: Connection | undefined): CommandTarget => ({
  origin: connection ? instanceOrigin(connection.platform, connection.url) : `/connections/${command.connection}`,
  // A job is a place on Jenkins only: elsewhere it is one within a pipeline.
  repository: textAt(command.with, command.platform === 'jenkins' ? ['job'] : ['repository', 'project'])?.replace(/^\/+|\/+$/g, ''),
  pipeline: textAt({ ...command.with, awaited: command.awaitPipeline }, ['awaited', 'workflow']),
  repeatsRun: repeatedBy(command),
});
