import type { ChannelType } from '../model.js';
import { SECRET_REFERENCE } from '../schema/shapes.js';
import { refusalOf } from './addresses.js';
import { checkNetwork } from './check-connection.js';
import { checkQuiet } from './check-quiet.js';
import { rangesOf } from './check-reach.js';
import { checkSlack } from './check-slack.js';
import { mapOf, type ResourceSource } from './resource-source.js';

/** Keys that not every type has. */
const EXPECTED = {
  url: SECRET_REFERENCE,
  secret: SECRET_REFERENCE,
  routingKey: SECRET_REFERENCE,
  severity: 'one of critical, error, warning, info',
  smtp: '{ host, port, tls, user, password }',
  from: 'the address that mails come from',
  to: 'a mail address or a list of it',
} as const;

type Key = keyof typeof EXPECTED;

/** What each type cannot do without, and what it may have. */
const KEYS: Readonly<Record<ChannelType, { needs: readonly Key[]; may?: readonly Key[] }>> = {
  // What it needs depends on who posts: checkSlack.
  slack: { needs: [], may: ['url'] },
  discord: { needs: ['url'] },
  teams: { needs: ['url'] },
  webhook: { needs: ['url'], may: ['secret'] },
  pagerduty: { needs: ['routingKey'], may: ['url', 'severity'] },
  mail: { needs: ['smtp', 'from', 'to'] },
};

const isType = (type: unknown): type is ChannelType => typeof type === 'string' && Object.hasOwn(KEYS, type);

/** What each type needs, and what it has no use for. */
export const checkChannel = (source: ResourceSource): void => {
  const { type, secret } = source.spec;
  checkNetwork(source);
  checkSmtp(source);
  checkSlack(source);
  checkQuiet(source);
  if (!isType(type)) return;
  checkKeys(source, type);
  if (type === 'webhook' && secret === undefined) source.warn(['spec'], 'no "secret": messages to this webhook are not signed');
};

const checkKeys = (source: ResourceSource, type: ChannelType): void => {
  const { spec } = source;
  const { needs, may = [] } = KEYS[type];
  for (const key of needs.filter((one) => spec[one] === undefined)) source.report(['spec'], `"${key}" is missing: expected ${EXPECTED[key]}`);
  const others = (Object.keys(EXPECTED) as Key[]).filter((key) => ![...needs, ...may].includes(key));
  for (const key of others.filter((one) => spec[one] !== undefined)) source.reportKey(['spec', key], `channel type "${type}" has no ${key}`);
};

/** Ports of mail servers that speak one kind of TLS only: https://www.rfc-editor.org/rfc/rfc8314 */
const TLS_OF_PORT: Readonly<Record<number, string>> = { 465: 'implicit', 587: 'starttls' };

const checkMailServer = (source: ResourceSource): void => {
  const { host, port, tls } = mapOf(source.spec.smtp);
  const usual = typeof port === 'number' ? TLS_OF_PORT[port] : undefined;
  if (usual !== undefined && typeof tls === 'string' && tls !== 'none' && tls !== usual) source.warn(['spec', 'smtp', 'tls'], `servers speak ${usual} at port ${String(port)}: expected that, or another port`);
  if (typeof host !== 'string') return;
  const written = /^([^:]+):(\d+)$/.exec(host);
  if (written) return source.warn(['spec', 'smtp', 'host'], `no server is called so: expected host: ${written[1]!} and port: ${written[2]!}`);
  const refusal = refusalOf(host, { secure: true, allow: rangesOf(source) });
  if (refusal !== undefined) source.warn(['spec', 'smtp', 'host'], `no mail leaves: ${refusal}`);
};

const checkSmtp = (source: ResourceSource): void => {
  const { user, password, tls } = mapOf(source.spec.smtp);
  checkMailServer(source);
  if ((user === undefined) !== (password === undefined)) source.report(['spec', 'smtp'], 'a login has both: expected user and password, or none of them');
  const allowed = mapOf(source.spec.network).allow;
  if (tls === 'none' && (!Array.isArray(allowed) || allowed.length === 0)) {
    source.warn(['spec', 'smtp', 'tls'], 'no mail leaves: without TLS they go only to addresses in network.allow, and none is there');
  }
  if (tls === 'none' && password !== undefined) source.reportKey(['spec', 'smtp', 'password'], 'a password is not sent without TLS: expected tls starttls or implicit, or a server that asks for no login');
};
