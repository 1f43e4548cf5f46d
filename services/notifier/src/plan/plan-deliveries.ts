import { createHash } from 'node:crypto';
import type { RunStatus } from '@stellwerk/contracts';
import { noticeOf, type Notice } from './notice.js';
import { awaitsPeople, occurrenceOf, shownWord, transitionsOf, wordFor, type Transition, type Word } from './transition.js';

/** One message that shall be sent, once. */
export interface PlannedDelivery {
  /** Made from what it is about; the webhook-id of a signed webhook, so without dots. */
  id: string;
  run: string;
  /** What it tells of: a turn in the run's life, or the approval of a step. */
  transition: string;
  occurrence: number;
  channel: string;
  /** Of what the channel keeps one state over all runs; most keep none. */
  incident?: string;
  flow: string;
  /** Of the run; the order of what is said about it. */
  version: number;
  notice: Notice;
  /** Nothing is said: a message that is there shows it, and where there is none nothing is sent. */
  refresh?: true;
}

export interface Notify {
  channel: string;
  on: readonly string[];
}

/** The id of a message, made from what it is about. */
export const idOf = (parts: (string | number)[]): string => `msg_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;

/** What the flow's `notify` wants said about this, in its order; each channel once a transition, though the flow names it twice. */
export const planDeliveries = (status: RunStatus, at: string, notify: readonly Notify[], publicUrl: string): PlannedDelivery[] => {
  const { run } = status;
  return transitionsOf(status).flatMap((transition) => {
    const occurrence = occurrenceOf(transition, run);
    return [...wordsFor(transition, status, notify)].map(([channel, word]) => ({
      id: idOf([run.id, transition, occurrence, channel]), run: run.id, transition, occurrence, channel, flow: run.flow, version: run.version,
      notice: noticeFor(status, word, at, publicUrl),
    }));
  });
};

/** Of a run that waits on: what is new of it, which the run's own reason need not name. */
const noticeFor = ({ run, awaits }: RunStatus, word: Word, at: string, publicUrl: string): Notice => {
  const notice = noticeOf(run, word, at, publicUrl);
  const newly = run.steps.filter(({ name }) => awaits?.includes(name));
  const step = newly.find((one) => one.awaits?.kind !== 'approval') ?? newly[0];
  if (word !== 'waiting' || !step) return notice;
  const { reason: _, ...rest } = notice;
  return { ...rest, step: { name: step.name, state: step.state, reason: step.reason, url: step.attempts.at(-1)?.run?.url } };
};

/** By channel. */
const wordsFor = (transition: Transition, status: RunStatus, notify: readonly Notify[]): Map<string, Word> => {
  const words = new Map<string, Word>();
  for (const { channel, on } of notify) {
    // Who is told that people are asked need not hear that the run waits for them.
    const told = transition === 'waiting' && on.includes('approval') && awaitsPeople(status);
    const word = told ? undefined : wordFor(transition, status.recovered, on);
    if (word && words.get(channel) !== 'recovered') words.set(channel, word);
  }
  return words;
};

/** What messages of channels that edit shall show though the flow's `notify` does not want it told there. */
export const planRefreshes = (status: RunStatus, at: string, channels: readonly string[], publicUrl: string): PlannedDelivery[] => {
  const { run } = status;
  const word = shownWord(run.state);
  if (!word) return [];
  const transition = `shows ${run.state}`;
  return channels.map((channel) => ({
    id: idOf([run.id, transition, run.version, channel]), run: run.id, transition, occurrence: run.version, channel, flow: run.flow, version: run.version,
    notice: noticeFor(status, word, at, publicUrl), refresh: true,
  }));
};

/** Channels that edit, and that nothing is told of this; where people were just asked, that stays to be seen. */
export const toRefresh = (status: RunStatus, notify: readonly Notify[], told: readonly PlannedDelivery[], edits: (channel: string) => boolean): string[] => {
  const asked = (on: readonly string[]): boolean => status.run.state === 'waiting' && on.includes('approval') && awaitsPeople(status);
  const quiet = notify.filter(({ channel, on }) => edits(channel) && !asked(on) && !told.some((one) => one.channel === channel));
  return [...new Set(quiet.map(({ channel }) => channel))];
};
