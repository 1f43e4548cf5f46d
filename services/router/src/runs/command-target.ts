import { instanceOrigin, type Command } from '@stellwerk/contracts';
import type { Connection } from '@stellwerk/flows';

/** Where on a platform a command works, as far as its `with` tells; absent = it could be anywhere there. */
export interface CommandTarget {
  origin: string;
  repository?: string;
  pipeline?: string;
}

const textAt = (values: Record<string, unknown>, names: readonly string[]): string | undefined =>
  names.map((name) => values[name]).find((value): value is string => typeof value === 'string' && !/^\d+$/.test(value));

/** Numeric ids of projects and workflows are no names that events carry, so they say nothing. */
export const targetOf = (command: Pick<Command, 'connection' | 'with' | 'awaitPipeline'>, connection: Connection | undefined): CommandTarget => ({
  origin: connection ? instanceOrigin(connection.platform, connection.url) : `/connections/${command.connection}`,
  repository: textAt(command.with, ['repository', 'project', 'job'])?.replace(/^\/+|\/+$/g, ''),
  pipeline: textAt({ ...command.with, awaited: command.awaitPipeline }, ['awaited', 'workflow']),
});
