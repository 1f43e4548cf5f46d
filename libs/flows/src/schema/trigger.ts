import { z } from 'zod';
import { closed, condition, flag, globs, oneOf, text, timeLimit } from './shapes.js';

/** What an event must be like. */
export const filters = {
  event: globs.optional().meta({ description: 'Event types, e.g. pipelinerun.finished' }),
  from: globs.optional().meta({ description: 'Connections' }),
  repository: globs.optional(),
  pipeline: globs.optional().meta({ description: 'Name of the pipeline, or its file' }),
  branches: globs.optional(),
  tags: globs.optional(),
  base: globs.optional().meta({ description: 'Target branch of a change' }),
  paths: globs.optional().meta({ description: 'Files changed' }),
  environments: globs.optional(),
  outcome: globs.optional().meta({ description: 'success, failure, error, timeout, cancelled, skipped' }),
  cause: globs.optional().meta({ description: 'push, change, schedule, manual, api' }),
  actor: globs.optional(),
  forks: flag.default(false).meta({ description: 'Also events whose commit comes from another repository' }),
  if: condition.optional(),
};

/** Keys whose values are text filters. */
export const FILTER_KEYS = [
  'event', 'from', 'repository', 'pipeline', 'branches', 'tags', 'base', 'paths', 'environments', 'outcome', 'cause', 'actor',
] as const;

const part = closed(filters, 'expected filters').meta({ id: 'filters' });

/** `schedule`, `absent` and `all` are read in full, so that their faults show, although they do not run yet. */
export const trigger = closed({
  ...filters,
  'allow-circle': flag.default(false).meta({ description: 'Also events that runs of this flow caused' }),
  schedule: text('expected a cron expression such as "0 6 * * MON-FRI"').optional(),
  zone: text('expected a time zone such as Europe/Berlin').optional(),
  absent: part.optional(),
  for: timeLimit.optional(),
  all: z.record(z.string(), part, { error: 'expected names with filters' }).optional(),
  key: text('expected an expression in ${{ }}').optional(),
  within: timeLimit.optional(),
  missing: oneOf(['notify', 'start', 'ignore']).optional(),
}, 'expected filters such as event, from, repository').meta({ id: 'trigger' });
