import type { HttpResponse } from '@stellwerk/http';
import type { Living, Outcomes, Verdict } from './outcome.js';

interface SlackAnswer {
  ok?: unknown;
  error?: unknown;
  channel?: unknown;
  ts?: unknown;
}

/** What a person has to do. The words are Slack's: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const ADVICE: Readonly<Record<string, string>> = {
  channel_not_found: 'there is no such channel, or it is private and the bot is not in it; correct `channel` or invite the bot',
  not_in_channel: 'invite the bot to the channel, or give it the scope chat:write.public',
  is_archived: 'the channel is archived; name another in `channel`',
  invalid_auth: 'the token is not taken; replace it',
  not_authed: 'the token is empty; set it',
  token_revoked: 'the token was revoked; replace it',
  token_expired: 'the token is too old; replace it',
  account_inactive: 'the bot was removed from the workspace; install it again and replace the token',
  missing_scope: 'give the bot the scope chat:write and install it again',
  restricted_action: 'the workspace lets nobody like the bot post there; ask its administrator',
  thread_not_found: 'the message was deleted, and its thread with it',
};

/** The message that was to be edited is gone, or may not be edited any more: another takes its place. */
const NOT_EDITABLE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
/** HTTP 429 has the first word too. */
const TOO_FAST = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
/** "It's possible some aspect of the operation succeeded before the error was raised", as Slack says of them. */
const UNCERTAIN = new Set(['internal_error', 'fatal_error']);
const FOR_NOW = new Set(['service_unavailable', 'request_timeout', 'team_added_to_org']);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** An error's name; whatever else stands there is not passed on. */
const nameOf = (error: unknown): string => (isText(error) && /^[a-z][a-z_]{0,60}$/.test(error) ? error : 'an error without a name');

/** Slack answers 200 also to what it does not do, and says so in the body. `editing`: the message that was to be changed. */
export const verdictOfSlack = (response: HttpResponse, outcomes: Outcomes, editing: boolean): Verdict => {
  const answer = read(response);
  // A proxy's page: whether Slack got the call is not known.
  if (!answer) return outcomes.uncertain('HTTP 200 without an answer of Slack');
  if (answer.ok === true) return { end: 'delivered', ...(!editing && { posted: postedOf(answer) }) };
  const name = nameOf(answer.error);
  const reason = `Slack says ${name}`;
  if (editing && NOT_EDITABLE.has(name)) return { end: 'renew', reason: `${reason}: a new message takes its place` };
  if (TOO_FAST.has(name)) return outcomes.gated(reason);
  if (UNCERTAIN.has(name)) return outcomes.uncertain(reason);
  if (FOR_NOW.has(name)) return outcomes.again(reason);
  return { end: 'dead', reason: `${reason}${ADVICE[name] ? `: ${ADVICE[name]}` : ''}` };
};

const postedOf = ({ channel, ts }: SlackAnswer): Living | undefined => (isText(channel) && isText(ts) ? { place: channel, ts } : undefined);

const read = (response: HttpResponse): SlackAnswer | undefined => {
  try {
    const answer = response.json<SlackAnswer | null>();
    return typeof answer === 'object' && answer !== null && 'ok' in answer ? answer : undefined;
  } catch {
    // No JSON at all: the caller says what follows from it.
    return undefined;
  }
};
