import { pipelineOf, type RunStatus } from '@stellwerk/contracts';
import type { Channel } from '@stellwerk/flows';
import { kindFor } from '../channels/index.js';
import { noticePlace } from './notice.js';
import { topicOf, type Manner } from './repeats.js';

/** How the channel is spared; undefined: a program reads it, which is told everything, or there is no such channel any more. */
export const mannerOf = (channel: Channel | undefined): Manner | undefined => {
  const kind = channel && kindFor(channel);
  return !channel || !kind || kind.repeatable ? undefined : { ...channel.quiet, living: kind.living };
};

/** The pipeline of which no failure counts any more; undefined when this is no success. */
export const goodOf = ({ run }: RunStatus, at: string): { topic: string; at: string } | undefined =>
  (run.state === 'succeeded' ? { topic: topicOf({ word: 'succeeded', flow: run.flow, ...noticePlace(pipelineOf(run)) }), at } : undefined);
