import { Fields, Refused, type ActionCall, type ConnectorAction, type Sent, type Target } from '@stellwerk/connector-kit';
import { hasEnded, expectStatus, projectPath, readPipeline, type PipelineAnswer } from '../gitlab.client.js';
import { readJobs, type JobAnswer } from '../jobs/jobs.client.js';

/** Jobs end what they are at first. */
const STILL_RUNS_RETRY_MS = 2_000;

const read = (values: Record<string, unknown>): { project: string; pipeline: string } => {
  const fields = new Fields('cancel', values);
  return { project: fields.text('project'), pipeline: String(fields.integer('pipeline')) };
};

/** Runs, or will by itself; `manual` waits for a person. https://docs.gitlab.com/ci/jobs/#available-job-statuses */
const ON = new Set(['created', 'waiting_for_resource', 'waiting_for_callback', 'preparing', 'pending', 'running', 'scheduled']);

/**
 * `gitlab/cancel`: ends the jobs of a pipeline. GitLab says 200 whatever it does, so that is looked at until nothing of it runs any more.
 * The pipeline's own status is not enough: what somebody tells about its commit, as we do of the flow whose step this is, keeps it running.
 */
export class CancelAction implements ConnectorAction {
  readonly name = 'cancel';
  readonly follows = false;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { project, pipeline } = read(values);
    return { repository: project, pipeline: this.name, ref: pipeline };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { project, pipeline } = read(call.with);
    // Also where only its jobs are over: its trigger jobs are in no list of jobs, and end by this too.
    if (isEnding(await this.#pipeline(call))) return { kind: 'accepted' };
    expectStatus(await call.calls.write({ method: 'POST', path: `${projectPath(project)}/pipelines/${pipeline}/cancel` }, call), 200, 201);
    if (isEnding(await this.#pipeline(call)) || areOver(await this.#jobs(call))) return { kind: 'accepted' };
    return { kind: 'not-started', reason: `pipeline ${pipeline} still runs`, retryMs: STILL_RUNS_RETRY_MS };
  }

  async #pipeline(call: ActionCall): Promise<PipelineAnswer> {
    const { project, pipeline } = read(call.with);
    const found = await readPipeline(call.calls, project, pipeline);
    if (!found) throw new Refused(404, `GitLab has no pipeline ${pipeline} in ${project}`);
    return found;
  }

  /** Where they may not be seen, the pipeline's status has to do. */
  async #jobs(call: ActionCall): Promise<readonly JobAnswer[]> {
    const { project, pipeline } = read(call.with);
    try {
      return (await readJobs(call.calls, project, pipeline))?.jobs ?? [];
    } catch (error) {
      if (error instanceof Refused) return [];
      throw error;
    }
  }
}

const isEnding = (pipeline: PipelineAnswer): boolean => hasEnded(pipeline) || pipeline.status === 'canceling';

/** Of a pipeline without jobs of its own nothing is known. */
const areOver = (jobs: readonly JobAnswer[]): boolean => jobs.length > 0 && !jobs.some(({ status }) => ON.has(status ?? ''));
