import { z } from 'zod';
import { CHANNEL_TYPES, INCIDENT_SEVERITIES } from '../model.js';
import { approval } from './approval.js';
import { mailAddress, mailAddresses, smtp } from './mail.js';
import { closed, duration, globs, network, oneOf, resource, said, secret, text, timeLimit, whole } from './shapes.js';

const channelSpec = closed({
  type: oneOf(CHANNEL_TYPES).meta(said('What kind of receiver it is', 'slack')),
  url: secret.optional().meta(said('slack, discord, teams: the incoming webhook of the channel; webhook: the receiver; pagerduty: absent = https://events.pagerduty.com/v2/enqueue, the EU has its own', { env: 'SLACK_URL' })),
  secret: secret.optional().meta(said('webhook: the signing key (whsec_…)', { env: 'RECEIVER_KEY' })),
  routingKey: secret.optional().meta(said('pagerduty: the integration key of an Events API v2 integration', { env: 'PAGERDUTY_KEY' })),
  severity: oneOf(INCIDENT_SEVERITIES).optional().meta(said('pagerduty: of the incidents; absent = error', 'critical')),
  smtp: smtp.optional().meta(said('mail: the server that takes our mails')),
  from: mailAddress.optional().meta(said('mail: the sender', 'Stellwerk <ci@example.com>')),
  to: mailAddresses.optional().meta(said('mail: the recipients', ['team@example.com'])),
  token: secret.optional().meta(said('slack: a bot token, then one living message a run with a thread', { env: 'SLACK_TOKEN' })),
  channel: text().optional().meta(said('slack, with token: the channel', '#releases')),
  network: network.default({ allow: [] }).meta(said('Where messages may go')),
  quiet: closed({
    same: duration.optional().meta(said('The same is not repeated for so long', '10m')),
    digest: duration.optional().meta(said('What comes within it is gathered into one message', '5m')),
  }, 'expected { same, digest }').optional().meta(said('Less noise')),
}, 'expected a map of settings');

const INSTANT_EXPECTED = 'expected a date and time such as 2026-12-23T00:00:00+01:00';
const instant = z.iso.datetime({ offset: true, error: INSTANT_EXPECTED });

const freeze = z.union([
  closed({
    from: instant.meta(said('Its beginning', '2026-12-23T00:00:00+01:00')),
    to: instant.meta(said('Its end', '2027-01-02T06:00:00+01:00')),
    reason: text().optional().meta(said('Shown to people', 'holidays')),
  }, 'expected { from, to, reason }'),
  closed({
    cron: text('expected a cron expression').meta(said('When it begins, again and again', '0 16 * * FRI')),
    for: timeLimit.meta(said('How long it lasts', '64h')),
    zone: text().optional().meta(said('Time zone of cron', 'Europe/Berlin')),
    reason: text().optional().meta(said('Shown to people', 'weekend')),
  }, 'expected { cron, for, zone }'),
], { error: 'expected { from, to, reason } or { cron, for, zone }' });

const environmentSpec = closed({
  branches: globs.optional().meta(said('Branches that may deploy here; others are refused, with the reason on the run', ['main', 'release/**'])),
  approve: approval.optional().meta(said('Who has to agree to each deployment')),
  freeze: z.array(freeze, { error: 'expected a list of { from, to, reason } or { cron, for, zone }' }).optional()
    .meta(said('Times in which nothing is deployed')),
  concurrency: whole(1, 1000).optional().meta(said('Deployments at once, over all flows', 1)),
}, 'expected a map of settings');

export const channel = resource('Channel', channelSpec, 'How people hear of a run');

export const environment = resource('Environment', environmentSpec, 'Where deployments go, and its rules');
