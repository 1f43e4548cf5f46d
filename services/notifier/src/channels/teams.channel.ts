import { teamsMessage } from '../render/teams.render.js';
import type { HttpKind } from './channel.js';
import { CHAT_SCHEDULE } from './schedules.js';

/** Teams throttles by the second; where it names no time, a moment is enough. */
const GATE_MS = 2_000;

/** Workflows webhooks of Teams; they cannot tell a repeated message from a new one. What goes wrong behind the 202 only the workflow's own history says. */
export const teamsChannel: HttpKind = {
  type: 'teams',
  repeatable: false,
  takesLate: false,
  schedule: CHAT_SCHEDULE,
  gateMs: GATE_MS,
  request: ({ notice }, { url }) => ({ url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(teamsMessage(notice)) }),
};
