import type { SecretRef } from './connection.js';

export const CHANNEL_TYPES = ['slack', 'discord', 'webhook', 'teams', 'mail', 'pagerduty'] as const;

export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** As PagerDuty knows them. */
export const INCIDENT_SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;

export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

/** `starttls`: it must succeed; `implicit`: TLS from the first byte. */
export const CHANNEL_TLS = ['starttls', 'implicit', 'none'] as const;

/** A mail server that takes what we send. */
export interface Smtp {
  host: string;
  port: number;
  tls: (typeof CHANNEL_TLS)[number];
  user?: string;
  password?: SecretRef;
}

/** How people hear of a run. */
export interface Channel {
  name: string;
  labels: Record<string, string>;
  type: ChannelType;
  url?: SecretRef;
  /** `webhook`: the Standard Webhooks signing key (whsec_…). */
  secret?: SecretRef;
  /** `pagerduty`: the integration key. */
  routingKey?: SecretRef;
  severity?: IncidentSeverity;
  /** `mail`; addresses are `a@b` or `Name <a@b>`. */
  smtp?: Smtp;
  from?: string;
  to?: string[];
  /** `slack`: a bot's token; then there is a `channel` and no `url`. */
  token?: SecretRef;
  /** `slack`, with `token`: name or id of the channel there. */
  channel?: string;
  network: { allow: string[] };
  /** What people are spared. `sameMs`: the same is not repeated for so long; `digestMs`: what comes within it is one message. */
  quiet?: { sameMs?: number; digestMs?: number };
}
