import { MalformedResponse, type HttpResponse } from '@stellwerk/http';
import { PermanentError } from '@stellwerk/service-kit';
import { incidentOf, pagerdutyEvent } from '../render/pagerduty.render.js';
import type { HttpKind } from './channel.js';
import { PAGER_SCHEDULE } from './schedules.js';

/** 120 events a minute and integration are taken; "try again after some minutes", says PagerDuty. */
const GATE_MS = 60_000;

/** What is wrong with an event, as PagerDuty says it. */
const detail = (response: HttpResponse): string | undefined => {
  try {
    const { message, errors } = response.json<{ message?: unknown; errors?: unknown }>();
    const said = [message, ...(Array.isArray(errors) ? (errors as unknown[]) : [])].filter((text) => typeof text === 'string');
    return said.length > 0 ? said.join('; ') : undefined;
  } catch (error) {
    // What stands in front of PagerDuty answers in HTML.
    if (error instanceof MalformedResponse) return undefined;
    throw error;
  }
};

/**
 * PagerDuty's Events API v2. An event that may have arrived is sent again: its `dedup_key` makes one incident of both. It
 * is not told what was before what it knows: a late trigger would open again what has been resolved.
 */
export const pagerdutyChannel: HttpKind = {
  type: 'pagerduty',
  repeatable: true,
  takesLate: false,
  schedule: PAGER_SCHEDULE,
  gateMs: GATE_MS,
  defaultUrl: 'https://events.pagerduty.com/v2/enqueue',
  incident: incidentOf,
  request: ({ notice }, { url, secret, severity = 'error' }) => {
    if (!secret) throw new PermanentError('the channel has no `routingKey`');
    return { url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(pagerdutyEvent(notice, secret, severity)) };
  },
  detail,
};
