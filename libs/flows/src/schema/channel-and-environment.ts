import { z } from 'zod';
import { CHANNEL_TYPES, INCIDENT_SEVERITIES } from '../model.js';
import { approval } from './approval.js';
import { mailAddress, mailAddresses, smtp } from './mail.js';
import { closed, duration, globs, network, oneOf, resource, said, secret, text, timeLimit, whole } from './shapes.js';

/** What is held back longer is no news, and what is counted longer than a week nobody reads as one thing. */
const quietTime = duration.refine((ms) => ms > 0 && ms <= 7 * 24 * 3_600_000, { error: 'expected a duration above 0 and at most 168h' });

const channelSpec = closed({
  type: oneOf(CHANNEL_TYPES).meta(said('What kind of receiver it is', 'slack')),
  url: secret.optional().meta(said('slack, discord, teams: the incoming webhook of the channel (slack: or token and channel); webhook: the receiver; pagerduty: absent = https://events.pagerduty.com/v2/enqueue, the EU has its own', { env: 'SLACK_URL' })),
  secret: secret.optional().meta(said('webhook: the signing key (whsec_…)', { env: 'RECEIVER_KEY' })),
  routingKey: secret.optional().meta(said('pagerduty: the integration key of an Events API v2 integration', { env: 'PAGERDUTY_KEY' })),
  severity: oneOf(INCIDENT_SEVERITIES).optional().meta(said('pagerduty: of the incidents; absent = error', 'critical')),
  smtp: smtp.optional().meta(said('mail: the server that takes our mails')),
  from: mailAddress.optional().meta(said('mail: the sender', 'Stellwerk <ci@example.com>')),
  to: mailAddresses.optional().meta(said('mail: the recipients', ['team@example.com'])),
  token: secret.optional().meta(said('slack: a bot token, then one living message a run with a thread', { env: 'SLACK_TOKEN' })),
  channel: text('expected the name or id of a Slack channel').optional().meta(said('slack, with token: the channel, by name or id', '#releases')),
  network: network.default({ allow: [] }).meta(said('Where messages may go')),
  quiet: closed({
    same: quietTime.optional().meta(said('The same is not repeated for so long, but counted', '10m')),
    digest: quietTime.optional().meta(said('What comes within it is gathered into one message; approvals and waits are not held back', '5m')),
  }, 'expected { same, digest }').optional().meta(said('Less noise, for people: webhook and pagerduty are told everything')),
}, 'expected a map of settings');

const INSTANT_EXPECTED = 'expected a date and time such as 2026-12-23T00:00:00+01:00';
const instant = z.iso.datetime({ offset: true, error: INSTANT_EXPECTED });

const freeze = z.union([
  closed({
    from: instant.meta(said('With to: its beginning', '2026-12-23T00:00:00+01:00')),
    to: instant.meta(said('With from: its end, which is not in it', '2027-01-02T06:00:00+01:00')),
    reason: text().optional().meta(said('Shown to people', 'holidays')),
  }, 'expected { from, to, reason }'),
  closed({
    cron: text('expected a cron expression').meta(said('Instead of from and to: when it begins, again and again', '0 16 * * FRI')),
    for: timeLimit.meta(said('With cron: how long it lasts', '64h')),
    zone: text().default('UTC').meta(said('Time zone of cron', 'Europe/Berlin')),
    reason: text().optional().meta(said('Shown to people', 'weekend')),
  }, 'expected { cron, for, zone }'),
], { error: 'expected { from, to, reason } or { cron, for, zone }' });

const environmentSpec = closed({
  branches: globs.optional().meta(said('Branches that may deploy here; others are refused, with the reason on the run', ['main', 'release/**'])),
  approve: approval.optional().meta(said('Who has to agree to each deployment', { by: ['team:release'], 'not-author': true })),
  freeze: z.array(freeze, { error: 'expected a list of { from, to, reason } or { cron, for, zone }' }).optional()
    .meta(said('Times in which nothing is deployed', [{ cron: '0 16 * * FRI', for: '64h', zone: 'Europe/Berlin', reason: 'weekend' }])),
  concurrency: whole(1, 1000).optional().meta(said('Deployments at once, over all flows', 1)),
}, 'expected a map of settings');

export const channel = resource('Channel', channelSpec, 'How people hear of a run');

export const environment = resource('Environment', environmentSpec, 'Where deployments go, and its rules');
