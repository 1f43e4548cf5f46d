import { createHash } from 'node:crypto';
import type { Answer, Exchange } from '../kit/types.js';
import { html } from './answers.js';

export interface JenkinsUser {
  user: string;
  /** An API token needs no crumb. */
  token: string;
  /** With the password a POST needs a crumb and its session. */
  password?: string;
}

const SESSION = 'JSESSIONID.simulated=node0';

export const crumbFor = (user: JenkinsUser): string => createHash('sha256').update(`crumb ${user.user} ${user.token}`).digest('hex');

/** `GET /crumbIssuer/api/json`. */
export const issueCrumb = (user: JenkinsUser): Answer => ({
  status: 200,
  headers: { 'set-cookie': `${SESSION}; Path=/; HttpOnly` },
  body: { _class: 'hudson.security.csrf.DefaultCrumbIssuer', crumb: crumbFor(user), crumbRequestField: 'Jenkins-Crumb' },
});

/** Why Jenkins does not let this in; undefined when it does. */
export const refusalOf = (exchange: Exchange, user: JenkinsUser): Answer | undefined => {
  const { authorization } = exchange.headers;
  if (!authorization) return html(403, 'Authentication required', { 'x-you-are-authenticated-as': 'anonymous' });
  const given = Buffer.from(authorization.replace(/^Basic /i, ''), 'base64').toString('utf8');
  if (given === `${user.user}:${user.token}`) return undefined;
  if (user.password === undefined || given !== `${user.user}:${user.password}`)
    return html(401, 'Invalid password/token for user: ' + given.split(':')[0], { 'www-authenticate': 'Basic realm="Jenkins"' });
  const crumbed = exchange.headers['jenkins-crumb'] === crumbFor(user) && (exchange.headers['cookie'] ?? '').includes(SESSION);
  return exchange.method === 'POST' && !crumbed ? html(403, 'No valid crumb was included in the request') : undefined;
};
