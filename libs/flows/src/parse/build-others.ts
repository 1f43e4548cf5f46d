import type { ApprovalRule, Channel, Connection, Environment, Freeze, Smtp } from '../model.js';
import { nowhere } from '../nowhere.js';
import type { Parsed } from '../schema/kinds.js';

export const buildConnection = ({ metadata, spec }: Parsed<'Connection'>): Connection => ({
  name: metadata.name,
  labels: metadata.labels ?? {},
  platform: spec.platform,
  url: (spec.url ?? nowhere(metadata.name)).replace(/\/+$/, ''),
  ...(spec.webhook && { webhook: spec.webhook }),
  ...(spec.auth && { auth: spec.auth }),
  limits: { concurrency: spec.limits.concurrency, timeoutMs: spec.limits.timeout },
  network: spec.network,
  poll: { everyMs: spec.poll.every },
  ...((spec.jobs ?? spec.poll.jobs) && { jobs: [...(spec.jobs ?? []), ...(spec.poll.jobs ?? [])] }),
});

export const buildChannel = ({ metadata, spec }: Parsed<'Channel'>): Channel => ({
  name: metadata.name,
  labels: metadata.labels ?? {},
  type: spec.type,
  ...(spec.url && { url: spec.url }),
  ...(spec.secret && { secret: spec.secret }),
  ...(spec.token && { token: spec.token }),
  ...(spec.channel !== undefined && { channel: spec.channel }),
  ...(spec.routingKey && { routingKey: spec.routingKey }),
  ...(spec.severity && { severity: spec.severity }),
  ...(spec.smtp && { smtp: buildSmtp(spec.smtp) }),
  ...(spec.from !== undefined && { from: spec.from }),
  ...(spec.to && { to: spec.to }),
  network: spec.network,
  ...(spec.quiet && { quiet: buildQuiet(spec.quiet) }),
});

const buildQuiet = ({ same, digest }: NonNullable<Parsed<'Channel'>['spec']['quiet']>): NonNullable<Channel['quiet']> => ({
  ...(same !== undefined && { sameMs: same }), ...(digest !== undefined && { digestMs: digest }),
});

const SMTP_PORTS: Readonly<Record<Smtp['tls'], number>> = { starttls: 587, implicit: 465, none: 25 };

/** Port 465 has meant TLS from the first byte on since RFC 8314. */
const buildSmtp = ({ host, port, tls = port === 465 ? 'implicit' : 'starttls', user, password }: NonNullable<Parsed<'Channel'>['spec']['smtp']>): Smtp =>
  ({ host, port: port ?? SMTP_PORTS[tls], tls, ...(user !== undefined && { user }), ...(password && { password }) });

export const buildEnvironment = ({ metadata, spec }: Parsed<'Environment'>): Environment => ({
  name: metadata.name,
  labels: metadata.labels ?? {},
  ...(spec.branches && { branches: spec.branches }),
  ...(spec.approve && { approve: buildApproval(spec.approve) }),
  ...(spec.freeze && { freeze: spec.freeze.map(buildFreeze) }),
  ...(spec.concurrency !== undefined && { concurrency: spec.concurrency }),
});

type ParsedEnvironment = Parsed<'Environment'>['spec'];
type ParsedFreeze = NonNullable<ParsedEnvironment['freeze']>[number];

/** Also for steps, whose `approve` is the same. */
export const buildApproval = (rule: ParsedEnvironment['approve']): ApprovalRule | undefined =>
  rule && { by: rule.by, count: rule.count, notAuthor: rule['not-author'], ...(rule.within !== undefined && { withinMs: rule.within }) };

const buildFreeze = (freeze: ParsedFreeze): Freeze => ({
  ...('cron' in freeze ? { cron: freeze.cron, forMs: freeze.for, zone: freeze.zone } : { from: freeze.from, to: freeze.to }),
  ...(freeze.reason !== undefined && { reason: freeze.reason }),
});
