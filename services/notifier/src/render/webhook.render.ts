import type { Notice } from '../plan/notice.js';

/** Body of a signed webhook, by https://www.standardwebhooks.com: what happened, when, and the rest under `data`. */
export interface WebhookMessage {
  /** `run.failed`, `run.recovered` … `join.missing` */
  type: string;
  timestamp: string;
  data: Omit<Notice, 'word' | 'at'>;
}

export const webhookMessage = ({ word, at, ...data }: Notice): WebhookMessage => ({ type: word === 'missing' ? 'join.missing' : `run.${word}`, timestamp: at, data });
