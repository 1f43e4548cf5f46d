import { LRUCache } from 'lru-cache';
import { Refused, type ActionCall } from '@stellwerk/connector-kit';
import { newestPipeline, readPipeline, type PipelineAnswer } from '../gitlab.client.js';
import { hasJobs } from '../jobs/jobs.client.js';

const KEPT = 10_000;
/** Made of statuses alone; its events tell nothing. */
const EXTERNAL = 'external';

export interface Place {
  project: string;
  sha: string;
  ref?: string;
  pipeline?: number;
}

/**
 * Every status ends the pipeline anew. By its own jobs that is known for no new end; a pipeline that has none, only trigger jobs, would
 * seem to have run once more, start its flow, which sets a status …
 */
export class EndlessEnd {
  readonly #withJobs = new LRUCache<string, true>({ max: KEPT });

  /** @throws Refused where a status would look like a new end of the pipeline; ReadFailed */
  async check({ calls }: ActionCall, place: Place): Promise<void> {
    const pipeline = place.pipeline === undefined ? await newestPipeline(calls, place.project, place) : { id: place.pipeline };
    if (!pipeline || pipeline.source === EXTERNAL) return;
    const key = `${calls.connection.name}|${place.project}|${pipeline.id}`;
    if (this.#withJobs.has(key)) return;
    const jobs = await hasJobs(calls, place.project, String(pipeline.id));
    if (jobs) this.#withJobs.set(key, true);
    if (jobs === false && !(await this.#isExternal({ calls }, place, pipeline))) {
      throw new Refused(409, `pipeline ${pipeline.id} of ${place.project} has only trigger jobs: a status would look like a new end of it; set it on a pipeline with jobs, or take it out of \`report\``);
    }
  }

  async #isExternal({ calls }: Pick<ActionCall, 'calls'>, { project }: Place, pipeline: PipelineAnswer): Promise<boolean> {
    const whole = pipeline.source === undefined ? await readPipeline(calls, project, String(pipeline.id)) : pipeline;
    return whole === undefined || whole.source === EXTERNAL;
  }
}
