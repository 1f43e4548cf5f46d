import { LRUCache } from 'lru-cache';
import type { ConnectionCalls } from '@stellwerk/connector-kit';
import { CORRELATION_NAME } from '@stellwerk/platforms';
import { readVariable, walkPipelines, type PipelineAnswer } from '../gitlab.client.js';
import { matchPipelines, type Candidate, type Matched } from './match-pipelines.js';
import { SharedPages } from './shared-pages.js';

/** A pipeline that seems this much older than the call may still be ours: clocks differ. */
const CLOCK_SKEW_MS = 15_000;
/** Clocks that are kept right differ by less. */
const USUAL_SKEW_MS = 1_000;
/** GitLab ends a request after 60 s (https://gitlab.com/gitlab-org/gitlab-foss/-/merge_requests/28405); proxies before it may hold it too. */
const LATEST_MS = 300_000;
/** Of a hundred pipelines each: only a project with more than three hundred a second fills them. */
const MOST_PAGES = 1_000;
/** Each possible pipeline costs a call of its own. */
const MOST_READ = 200;
const MOST_VARIABLES = 10_000;

export interface SoughtPipeline {
  project: string;
  ref: string;
  /** Begin of the first send. */
  sentAt: Date;
  commandId: string;
  carrier: boolean;
}

interface Search {
  calls: ConnectionCalls;
  sought: SoughtPipeline;
  isClaimed(pipeline: PipelineAnswer): Promise<boolean>;
  /** By id: pages shift while pipelines come and go. */
  candidates: Map<string, Candidate>;
}

/** How going through a time ended: ours is among them, all of that time were seen, or there are more than can be. */
type Gone = 'found' | 'seen' | 'too-many';

/** Looks for the pipeline that a call may have created, where it is likeliest first. */
export class PipelineSearch {
  readonly #pages = new SharedPages();
  /** Variables of a pipeline never change. */
  readonly #variables = new LRUCache<string, { value?: string }>({ max: MOST_VARIABLES });

  /** Reads until one carries our id, or all of the time in question are seen. @throws Refused */
  async find(calls: ConnectionCalls, sought: SoughtPipeline, isClaimed: Search['isClaimed']): Promise<Matched> {
    const search: Search = { calls, sought, isClaimed, candidates: new Map() };
    const sentAt = sought.sentAt.getTime();
    const times = [[sentAt - USUAL_SKEW_MS, sentAt + LATEST_MS], [sentAt - CLOCK_SKEW_MS, sentAt - USUAL_SKEW_MS]] as const;
    for (const [from, until] of times) {
      const gone = await this.#go(search, from, until);
      if (gone === 'too-many') return { kind: 'cannot', reason: `${sought.project} has more pipelines of that time than can be looked through` };
      if (gone === 'found') break;
    }
    return matchPipelines([...search.candidates.values()], sought);
  }

  async #go(search: Search, from: number, until: number): Promise<Gone> {
    const { calls, sought: { project, ref } } = search;
    let gone: Gone = 'seen';
    const walked = await walkPipelines(this.#pages.of(calls, { project, ref, from, until }), MOST_PAGES, async (page) => {
      const added = await this.#add(search, page.filter((one) => !(createdAt(one) < from || createdAt(one) > until)));
      if (!added) gone = 'too-many';
      else if (hasOurs(search)) gone = 'found';
      return gone !== 'seen' || isPast(page, until);
    });
    return walked === 'cut' ? 'too-many' : gone;
  }

  /** @returns false when there are too many to read */
  async #add({ calls, sought, isClaimed, candidates }: Search, pipelines: readonly PipelineAnswer[]): Promise<boolean> {
    const claimed = await Promise.all(pipelines.map(isClaimed));
    const free = pipelines.filter((one, n) => !claimed[n] && !candidates.has(String(one.id)));
    if (candidates.size + free.length > MOST_READ) return false;
    await Promise.all(free.map(async (pipeline) => {
      candidates.set(String(pipeline.id), { pipeline, claimed: false, variable: await this.#variable(calls, sought.project, pipeline) });
    }));
    return true;
  }

  async #variable(calls: ConnectionCalls, project: string, pipeline: PipelineAnswer): Promise<Candidate['variable']> {
    const id = String(pipeline.id);
    // An instance that was set back gives its ids out once more.
    const key = [calls.connection.name, project, id, pipeline.created_at].join('|');
    const known = this.#variables.get(key);
    if (known) return known;
    const variable = await readVariable(calls, project, id, CORRELATION_NAME);
    if (variable !== 'unreadable') this.#variables.set(key, variable);
    return variable;
  }
}

/** True when all that a list shows after this page is younger still: only where it is seen to be oldest first, as was asked for. */
export const isPast = (page: readonly PipelineAnswer[], until: number): boolean => {
  const [first, last] = [page[0], page.at(-1)];
  return first !== undefined && last !== undefined && createdAt(first) < createdAt(last) && createdAt(last) > until;
};

const createdAt = ({ created_at: at }: PipelineAnswer): number => Date.parse(at ?? '');

const hasOurs = ({ candidates, sought }: Search): boolean =>
  [...candidates.values()].some(({ variable }) => variable !== 'unreadable' && variable.value === sought.commandId);
