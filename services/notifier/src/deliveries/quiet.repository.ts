import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { Notice } from '../plan/notice.js';
import { fateOf, isCounted, topicOf, UNCOUNTED, type Fate, type Manner, type Topic } from '../plan/repeats.js';

// Kept before it is read, so that two replicas take turns also at one that is not there yet; in one order, so that they take turns at several.
const LOCK_TOPICS = `
  INSERT INTO topics AS known (topic, channel, word, times, run, said_at, at)
  SELECT topic, $2, '', 0, '', now(), at FROM jsonb_to_recordset($1::jsonb) AS asked(topic text, at timestamptz) ORDER BY topic
  ON CONFLICT (topic, channel) DO UPDATE SET at = greatest(known.at, EXCLUDED.at) RETURNING topic, word, times, run, said_at AS "saidAt", now() AS now`;

const SAVE_TOPICS = `
  UPDATE topics SET word = kept.word, times = kept.times, run = kept.run, said_at = kept."saidAt"
  FROM jsonb_to_recordset($1::jsonb) AS kept(topic text, word text, times integer, run text, "saidAt" timestamptz)
  WHERE topics.topic = kept.topic AND topics.channel = $2`;

// In the order in which they are counted: one that waits for another's lock holds none that the other wants.
const FORGET = `
  WITH over AS (
    SELECT topics.topic, topics.channel FROM topics JOIN jsonb_to_recordset($1::jsonb) AS good(topic text, at timestamptz) USING (topic)
    WHERE topics.word = 'failed' AND topics.at < good.at ORDER BY topics.topic, topics.channel FOR UPDATE OF topics
  )
  DELETE FROM topics USING over WHERE topics.topic = over.topic AND topics.channel = over.channel`;

/** What channels heard of a pipeline. */
@Injectable()
export class QuietRepository {
  constructor(private readonly database: Database) {}

  /** Decides by what was said before, and keeps that this was said; others that ask about the same wait until `tx` ends. */
  async count(tx: Queryable, channel: string, notice: Notice, manner: Manner | undefined): Promise<Fate> {
    const [fate] = await this.countAll(tx, channel, [notice], manner);
    return fate!;
  }

  /** As `count`, of each in their order, with two statements for all. */
  async countAll(tx: Queryable, channel: string, notices: readonly Notice[], manner: Manner | undefined): Promise<Fate[]> {
    const asked = manner === undefined ? [] : notices.filter(({ word }) => isCounted(word, manner));
    if (manner === undefined || asked.length === 0) return notices.map(() => UNCOUNTED);
    const rows = await tx.query<Topic & { topic: string; now: Date }>(LOCK_TOPICS, [JSON.stringify(newestTimes(asked)), channel]);
    const { now } = rows[0]!;
    const known = new Map<string, Topic | undefined>(rows.map(({ topic, word, times, run, saidAt }) => [topic, times === 0 ? undefined : { word, times, run, saidAt }]));
    const fates = notices.map((notice) => {
      if (!isCounted(notice.word, manner)) return UNCOUNTED;
      const name = topicOf(notice);
      const { topic, ...fate } = fateOf(known.get(name), notice, manner, now);
      known.set(name, topic);
      return fate;
    });
    await tx.query(SAVE_TOPICS, [JSON.stringify([...known].map(([topic, kept]) => ({ topic, ...kept }))), channel]);
    return fates;
  }

  /** A pipeline that succeeded has not failed again, whoever is told that it succeeded. */
  async forgetFailures(good: readonly { topic: string; at: string }[]): Promise<void> {
    await this.database.query(FORGET, [JSON.stringify(good)]);
  }
}

/** One row a topic, as one statement touches a row once. */
const newestTimes = (notices: readonly Notice[]): { topic: string; at: string }[] => {
  const newest = new Map<string, string>();
  for (const notice of notices) {
    const topic = topicOf(notice);
    if ((newest.get(topic) ?? '') < notice.at) newest.set(topic, notice.at);
  }
  return [...newest].map(([topic, at]) => ({ topic, at }));
};
