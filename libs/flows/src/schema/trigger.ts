import { z } from 'zod';
import { WHEN_MISSING } from '../model.js';
import { closed, condition, flag, globs, oneOf, text, timeLimit } from './shapes.js';

const filters = {
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

const PARTS_EXPECTED = 'expected 1 to 20 parts by name, each with its filters';
const parts = z.record(z.string(), part, { error: PARTS_EXPECTED })
  .refine((value) => Object.keys(value).length > 0 && Object.keys(value).length <= 20, { error: PARTS_EXPECTED });

export const trigger = closed({
  ...filters,
  'allow-circle': flag.default(false).meta({ description: 'Also events that runs of this flow caused' }),
  schedule: text('expected a cron expression such as "0 6 * * MON-FRI"').optional().meta({ description: 'Cron, five fields: starts a run at each of these instants' }),
  zone: text('expected a time zone such as Europe/Berlin').default('UTC').meta({ description: 'Time zone of schedule' }),
  absent: part.optional().meta({ description: 'Starts a run when no such event came for so long' }),
  for: timeLimit.optional().meta({ description: 'absent: how long, counted from the last such event' }),
  all: parts.optional().meta({ description: 'Starts a run when each of these events has come, in whatever order' }),
  key: text('expected an expression in ${{ }}').optional().meta({ description: 'all: events with the same key belong together' }),
  within: timeLimit.prefault('1h').meta({ description: 'all: how long the others are waited for, from the first one on' }),
  missing: oneOf(WHEN_MISSING).default('notify').meta({ description: 'all: what happens when the time is over and some are missing' }),
}, 'expected filters such as event, from, repository').meta({ id: 'trigger' });
