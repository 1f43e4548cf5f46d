import type { ResourceSource } from './resource-source.js';

const BOT_KEYS = ['token', 'channel'] as const;
const EITHER = 'a slack channel has either "url" (an incoming webhook) or "token" and "channel" (a bot)';

/** Who posts to Slack: an incoming webhook, which can only post, or a bot, which can also edit what it posted. */
export const checkSlack = (source: ResourceSource): void => {
  const { type, url } = source.spec;
  const given = BOT_KEYS.filter((key) => source.spec[key] !== undefined);
  if (type !== 'slack') {
    for (const key of given) source.reportKey(['spec', key], `channel type "${String(type)}" has no ${key}: only slack has`);
    return;
  }
  if (url !== undefined && given.length > 0) source.reportKey(['spec', given[0]!], `"${given[0]!}" beside "url": ${EITHER}`);
  else if (url === undefined && given.length === 0) source.report(['spec'], `"url" is missing: expected { env: NAME } or { file: PATH }; ${EITHER}`);
  else if (given.length === 1) {
    const missing = BOT_KEYS.find((key) => key !== given[0])!;
    source.report(['spec'], `"${missing}" is missing beside "${given[0]!}": expected ${missing === 'token' ? '{ env: NAME } or { file: PATH } of a bot token (xoxb-…)' : 'the name or id of a Slack channel, such as "#releases" or C0123456789'}`);
  }
};
