/** An event as Events API v2 knows it. */
export interface PagerdutyEvent {
  routing_key: string;
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  dedup_key?: string;
  payload?: { summary?: string; source?: string; severity?: string; timestamp?: string; component?: string; group?: string; class?: string; custom_details?: Record<string, unknown> };
  links?: { href?: string; text?: string }[];
  client?: string;
  client_url?: string;
}

const ACTIONS = ['trigger', 'acknowledge', 'resolve'];
const SEVERITIES = ['critical', 'error', 'warning', 'info'];
const KEY_LENGTH = 32;
const MOST = { key: 255, summary: 1_024 };

/** What PagerDuty refuses of an event, in its words; empty when it takes it. */
export const eventFaults = (event: PagerdutyEvent): string[] => {
  const { routing_key: key, event_action: action, dedup_key: dedup } = event;
  return [
    ...(typeof key !== 'string' || key.length !== KEY_LENGTH ? [`Length of 'routing_key' is incorrect (should be ${KEY_LENGTH} characters)`] : []),
    ...(ACTIONS.includes(action) ? [] : ["'event_action' is invalid (must be one of the following: trigger, acknowledge, resolve)"]),
    ...(dedup !== undefined && dedup.length > MOST.key ? [`Length of 'dedup_key' is incorrect (should be <= ${MOST.key} characters)`] : []),
    ...(action === 'trigger' ? payloadFaults(event) : dedup === undefined ? ["'dedup_key' is missing or blank"] : []),
  ];
};

const payloadFaults = ({ payload = {}, links = [] }: PagerdutyEvent): string[] => [
  ...(['summary', 'source'] as const).filter((name) => !payload[name]).map((name) => `'payload.${name}' is missing or blank`),
  ...((payload.summary?.length ?? 0) > MOST.summary ? [`Length of 'payload.summary' is incorrect (should be <= ${MOST.summary} characters)`] : []),
  ...(SEVERITIES.includes(payload.severity ?? '') ? [] : ["'payload.severity' is invalid (must be one of the following: critical, warning, error, info)"]),
  ...(links.every(({ href }) => URL.canParse(href ?? '')) ? [] : ["'links' is invalid"]),
];
