import { z } from 'zod';
import { CHANNEL_TYPES } from '../model.js';
import { approval } from './approval.js';
import { closed, duration, globs, network, oneOf, resource, secret, text, timeLimit, whole } from './shapes.js';

const channelSpec = closed({
  type: oneOf(CHANNEL_TYPES),
  url: secret.optional().meta({ description: 'The incoming webhook of the channel' }),
  secret: secret.optional().meta({ description: 'webhook: the signing key (whsec_…)' }),
  token: secret.optional(),
  channel: text().optional(),
  network: network.default({ allow: [] }),
  quiet: closed({ same: duration.optional(), digest: duration.optional() }, 'expected { same, digest }').optional(),
}, 'expected a map of settings');

const INSTANT_EXPECTED = 'expected a date and time such as 2026-12-23T00:00:00+01:00';
const instant = z.iso.datetime({ offset: true, error: INSTANT_EXPECTED });

const freeze = z.union([
  closed({ from: instant, to: instant, reason: text().optional() }, 'expected { from, to, reason }'),
  closed({ cron: text('expected a cron expression'), for: timeLimit, zone: text().optional(), reason: text().optional() }, 'expected { cron, for, zone }'),
], { error: 'expected { from, to, reason } or { cron, for, zone }' });

const environmentSpec = closed({
  branches: globs.optional().meta({ description: 'Branches that may deploy here' }),
  approve: approval.optional(),
  freeze: z.array(freeze, { error: 'expected a list of { from, to, reason } or { cron, for, zone }' }).optional(),
  concurrency: whole(1, 1000).optional().meta({ description: 'Deployments at once, over all flows' }),
}, 'expected a map of settings');

export const channel = resource('Channel', channelSpec, 'How people hear of a run');

export const environment = resource('Environment', environmentSpec, 'Where deployments go, and its rules');
