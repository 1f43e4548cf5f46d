import { checkNetwork } from './check-connection.js';
import { checkQuiet } from './check-quiet.js';
import { checkSlack } from './check-slack.js';
import type { ResourceSource } from './resource-source.js';
import { NOT_YET } from './unsupported.js';

const SPOKEN = ['slack', 'discord', 'webhook'];
const NOT_SPOKEN = ['teams', 'mail', 'pagerduty'];

/** Which types this version speaks, and what each needs. */
export const checkChannel = (source: ResourceSource): void => {
  const { type, url, secret } = source.spec;
  checkNetwork(source);
  checkSlack(source);
  checkQuiet(source);
  if (NOT_SPOKEN.includes(type as string)) source.report(['spec', 'type'], `channel type "${type as string}" is ${NOT_YET}: expected one of ${SPOKEN.join(', ')}`);
  if (!SPOKEN.includes(type as string)) return;
  if (url === undefined && type !== 'slack') source.report(['spec'], '"url" is missing: expected { env: NAME } or { file: PATH }');
  if (type === 'webhook' && secret === undefined) source.warn(['spec'], 'no "secret": messages to this webhook are not signed');
  if (type !== 'webhook' && secret !== undefined) source.reportKey(['spec', 'secret'], `channel type "${type as string}" has no secret`);
};
