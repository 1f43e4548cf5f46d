import { z } from 'zod';
import { WHEN_MISSING } from '../model.js';
import { closed, condition, flag, globs, oneOf, said, text, timeLimit } from './shapes.js';

/** What an event must be like. */
export const filters = {
  event: globs.optional().meta(said('Types of events, see the list below; absent: any', 'pipelinerun.finished')),
  from: globs.optional().meta(said('Connections', 'github')),
  repository: globs.optional().meta(said('owner/name, group/sub/project, or the path of a Jenkins job', 'acme/*')),
  pipeline: globs.optional().meta(said('Name of the pipeline, its file, or the path of that', 'CI')),
  branches: globs.optional().meta(said('Branch of the commit', ['main', 'release/**', '!release/old'])),
  tags: globs.optional().meta(said('Tag of the commit', 'v*')),
  base: globs.optional().meta(said('Target branch of a change', 'main')),
  paths: globs.optional().meta(said('Files changed. Each is judged by itself, and one that is taken is enough: `!docs/**` says no only where nothing else changed', 'services/shop/**')),
  environments: globs.optional().meta(said('Environment of a deployment, as the platform calls it', 'production')),
  outcome: globs.optional().meta(said('How a run ended: success, failure, error, timeout, cancelled, skipped', 'success')),
  cause: globs.optional().meta(said('Why it ran: push, change, schedule, manual, api', ['push', 'manual'])),
  actor: globs.optional().meta(said('Who did it', '!dependabot*')),
  forks: flag.default(false).meta(said('Also events whose commit comes from another repository', true)),
  if: condition.optional().meta(said('CEL over `event`; an error is a no', 'event.actor != "robot"')),
};

/** Keys whose values are text filters. */
export const FILTER_KEYS = [
  'event', 'from', 'repository', 'pipeline', 'branches', 'tags', 'base', 'paths', 'environments', 'outcome', 'cause', 'actor',
] as const;

const part = closed(filters, 'expected filters').meta({ id: 'filters', description: 'An event that is waited for, or missed' });

const PARTS_EXPECTED = 'expected 1 to 20 parts by name, each with its filters';
const parts = z.record(z.string(), part, { error: PARTS_EXPECTED })
  .refine((value) => Object.keys(value).length > 0 && Object.keys(value).length <= 20, { error: PARTS_EXPECTED });

export const trigger = closed({
  ...filters,
  'allow-circle': flag.default(false).meta(said('Also events that runs of this flow caused', true)),
  schedule: text('expected a cron expression such as "0 6 * * MON-FRI"').optional().meta(said('Cron, five fields: starts a run at each of these instants', '0 6 * * MON-FRI')),
  zone: text('expected a time zone such as Europe/Berlin').default('UTC').meta(said('Time zone of schedule', 'Europe/Berlin')),
  absent: part.optional().meta(said('Starts a run when no such event came for so long', { event: 'pipelinerun.finished', repository: 'shop/nightly', outcome: 'success' })),
  for: timeLimit.optional().meta(said('absent: how long, counted from the last such event', '26h')),
  all: parts.optional().meta(said('Starts a run when each of these events has come, in whatever order', { build: { event: 'pipelinerun.finished', from: 'github' }, scan: { event: 'pipelinerun.finished', from: 'gitlab' } })),
  key: text('expected an expression in ${{ }}').optional().meta(said('all: events with the same key belong together', '${{ event.sha }}')),
  within: timeLimit.prefault('1h').meta(said('all: how long the others are waited for, from the first one on', '30m')),
  missing: oneOf(WHEN_MISSING).default('notify').meta(said('all: what happens when the time is over and some are missing', 'start')),
}, 'expected filters such as event, from, repository').meta({ id: 'trigger', description: 'Filters, at least one of them; all that are given must hold. Text filters take globs: * within a segment, ** over segments, ! excludes' });
