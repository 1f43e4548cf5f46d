import { createHash } from 'node:crypto';
import { pipelineOf } from '@stellwerk/contracts';
import type { IncidentSeverity } from '@stellwerk/flows';
import { PermanentError } from '@stellwerk/service-kit';
import type { Notice } from '../plan/notice.js';
import type { Word } from '../plan/transition.js';
import { clip, durationText, linkable, LOOKS } from './text.js';

interface Link {
  href: string;
  text: string;
}

/** https://developer.pagerduty.com/docs/send-alert-event */
export interface PagerdutyEvent {
  routing_key: string;
  event_action: 'trigger' | 'resolve';
  dedup_key: string;
  client?: string;
  client_url?: string;
  links?: Link[];
  payload?: {
    summary: string;
    source: string;
    severity: IncidentSeverity;
    timestamp: string;
    component: string;
    class: Word;
    custom_details: Record<string, string>;
  };
}

/** PagerDuty's own is 1,024 for the summary; pagers and phones show less. */
const MOST = { summary: 1_024, detail: 1_000, place: 255 };

const ACTIONS: Readonly<Partial<Record<Word, PagerdutyEvent['event_action']>>> = {
  failed: 'trigger', 'rolled-back': 'trigger', missing: 'trigger', recovered: 'resolve', succeeded: 'resolve',
};

/** Of what there is one incident: a pipeline. Status says `recovered` by the same, and for it all tags of a repository are one place. */
export const incidentOf = ({ flow, pipeline, ...event }: Notice): string => {
  const { repository = '', branch = '', tag } = pipelineOf({ pipeline, event });
  const place = JSON.stringify([flow, repository, tag === undefined ? branch : '']);
  return `stellwerk-${flow.slice(0, 80)}-${createHash('sha256').update(place).digest('hex').slice(0, 32)}`;
};

const placeOf = ({ repository, branch }: Notice): string => [repository, branch].filter(Boolean).map((text) => clip(text!, MOST.place)).join(' @ ');

const summaryOf = (notice: Notice): string => {
  const place = placeOf(notice);
  const reason = notice.reason ?? notice.step?.reason;
  return clip(`${notice.flow} ${LOOKS[notice.word].words}${place && ` (${place})`}${reason ? `: ${reason}` : ''}`, MOST.summary);
};

const detailsOf = ({ repository, branch, sha, title, actor, run, attempt, reason, step, durationMs }: Notice): Record<string, string> => {
  const all = {
    repository, branch, commit: sha, change: title, by: actor, run, attempt: attempt > 1 ? String(attempt) : undefined, reason,
    step: step && `${step.name} ${step.state}${step.reason ? `: ${step.reason}` : ''}`, duration: durationMs === undefined ? undefined : durationText(durationMs),
  };
  return Object.fromEntries(Object.entries(all).flatMap(([name, text]) => (text ? [[name, clip(text, MOST.detail)]] : [])));
};

const linksOf = ({ url, step, causeUrl }: Notice): Link[] =>
  [{ url, text: 'Run' }, { url: step?.url, text: 'Step' }, { url: causeUrl, text: 'What started it' }].flatMap(({ url: to, text }) => {
    const href = linkable(to);
    return href ? [{ href, text }] : [];
  });

/** Opens the incident, adds to it, or resolves it. @throws PermanentError for a moment that is no incident; lint refuses such */
export const pagerdutyEvent = (notice: Notice, routingKey: string, severity: IncidentSeverity): PagerdutyEvent => {
  const action = ACTIONS[notice.word];
  if (!action) throw new PermanentError(`"${notice.word}" is no incident: PagerDuty is told of ${Object.keys(ACTIONS).join(', ')}`);
  const event = { routing_key: routingKey, event_action: action, dedup_key: incidentOf(notice) };
  if (action === 'resolve') return event;
  const clientUrl = linkable(notice.url);
  return {
    ...event,
    client: 'Stellwerk',
    ...(clientUrl && { client_url: clientUrl }),
    links: linksOf(notice),
    payload: {
      summary: summaryOf(notice), source: clip(notice.repository ?? '', MOST.place) || notice.flow, severity, timestamp: notice.at, component: notice.flow, class: notice.word,
      custom_details: detailsOf(notice),
    },
  };
};
