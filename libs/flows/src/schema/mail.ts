import { CHANNEL_TLS } from '../model.js';
import { closed, oneOf, oneOrMore, said, secret, text, whole } from './shapes.js';

const ADDRESS_EXPECTED = 'expected a mail address, ci@example.com or Stellwerk <ci@example.com>';

// Plain addresses of RFC 5321 alone: quoted local parts, comments and control characters are what headers are forged with.
const ADDRESS = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63})*";
const NAME = '[^\\p{C}\\p{Z}<>"@,;:\\\\](?:[^\\p{C}<>"@,;:\\\\]{0,98}[^\\p{C}\\p{Z}<>"@,;:\\\\])?';

export const mailAddress = text(ADDRESS_EXPECTED).regex(new RegExp(`^(?:${NAME} <${ADDRESS}>|${ADDRESS})$`, 'u'), { error: ADDRESS_EXPECTED });

export const mailAddresses = oneOrMore(mailAddress, 'a mail address');

const HOST_EXPECTED = 'expected the name or address of a mail server';

export const smtp = closed({
  host: text(HOST_EXPECTED).regex(/^[A-Za-z0-9.:-]{1,253}$/, { error: HOST_EXPECTED }).meta(said('Name or address of the mail server', 'mail.example.com')),
  port: whole(1, 65_535).optional().meta(said('Absent: 587 with starttls, 465 with implicit, 25 with none', 587)),
  tls: oneOf(CHANNEL_TLS).optional().meta(said('starttls has to succeed (absent, but for port 465), implicit speaks TLS from the first byte, none goes only to addresses in network.allow', 'starttls')),
  user: text().optional().meta(said('Whom we log in as', 'stellwerk')),
  password: secret.optional().meta(said("The user's password", { env: 'SMTP_PASSWORD' })),
}, 'expected { host, port, tls, user, password }');
