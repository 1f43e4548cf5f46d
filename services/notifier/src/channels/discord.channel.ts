import type { HttpResponse } from '@stellwerk/http';
import { discordMessage } from '../render/discord.render.js';
import type { HttpKind } from './channel.js';
import { CHAT_SCHEDULE } from './schedules.js';

/** With `wait`, Discord answers after it has kept the message; without, errors of keeping it are hidden. */
const waiting = (text: string): string => {
  const url = new URL(text);
  url.searchParams.set('wait', 'true');
  return url.href;
};

/** `retry_after` counts seconds, with a fraction. */
const waitMs = (response: HttpResponse): number | undefined => {
  try {
    const { retry_after: seconds } = response.json<{ retry_after?: unknown }>();
    return typeof seconds === 'number' && seconds >= 0 ? Math.ceil(seconds * 1_000) : undefined;
  } catch {
    // A 429 of Cloudflare in front of Discord is HTML; its headers say how long.
    return undefined;
  }
};

/** Discord's webhooks; they cannot tell a repeated message from a new one. */
export const discordChannel: HttpKind = {
  type: 'discord',
  repeatable: false,
  takesLate: false,
  schedule: CHAT_SCHEDULE,
  request: ({ notice }, { url }) => ({ url: waiting(url), headers: { 'content-type': 'application/json' }, body: JSON.stringify(discordMessage(notice)) }),
  waitMs,
};
