import { asTexts, describe, Fields, Refused, type ActionCall, type ConnectorAction, type Looked, type Repeated, type Sent, type Target } from '@stellwerk/connector-kit';
import type { Outputs } from '@stellwerk/contracts';
import { expectStatus, projectPath, readPipeline } from '../gitlab.client.js';
import { readJob, readJobs, type JobAnswer } from '../jobs/jobs.client.js';
import { repeatOf } from '../repeat-of.js';

/** Waits for somebody to play it, or for its time. */
const PLAYABLE = new Set(['manual', 'scheduled']);

interface With {
  project: string;
  /** Id; with `pipeline` the name. */
  job: string;
  pipeline?: string;
  variables: Record<string, string>;
}

const read = (values: Record<string, unknown>): With => {
  const fields = new Fields('play-job', values);
  const pipeline = fields.integerOf('pipeline');
  const job = pipeline === undefined ? String(fields.integer('job')) : fields.text('job');
  return { project: fields.text('project'), job, variables: asTexts(fields.mapOf('variables')), ...(pipeline === undefined ? {} : { pipeline: String(pipeline) }) };
};

/** `gitlab/play-job`: starts a manual job. GitLab would run one that has ended once more, so only one that waits is played. */
export class PlayJobAction implements ConnectorAction {
  readonly name = 'play-job';
  readonly follows = false;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { project, job, pipeline } = read(values);
    return { repository: project, pipeline: this.name, ref: pipeline === undefined ? job : `${pipeline} ${job}` };
  }

  async exclusive(): Promise<boolean> {
    return true;
  }

  async send(call: ActionCall): Promise<Sent> {
    const job = await this.#find(call);
    if (!PLAYABLE.has(job.status ?? '')) return this.#playedBefore(call, job);
    const repeats = await this.#repeats(call, job);
    const { project, variables } = read(call.with);
    const list = Object.entries(variables).map(([key, value]) => ({ key, value }));
    const path = `${projectPath(project)}/jobs/${encodeURIComponent(String(job.id))}/play`;
    const response = await call.calls.write({ method: 'POST', path, json: list.length > 0 ? { job_variables_attributes: list } : {} }, call);
    if (response.status === 403 && list.length > 0) {
      throw new Refused(403, `GitLab refuses: ${describe(response)}; the project may forbid variables to this role (ci_pipeline_variables_minimum_override_role)`);
    }
    expectStatus(response, 200, 201);
    return { kind: 'accepted', outputs: { job: job.id }, ...(repeats && { repeats }) };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const job = await this.#find(call);
    if (PLAYABLE.has(job.status ?? '')) return { kind: 'absent' };
    return { kind: 'found', outputs: this.#outputsAfter(call, job), ...await this.#repeatsSince(call, job) };
  }

  /** After a call of ours whose answer is not known it is our doing that it waits no longer. */
  async #playedBefore(call: ActionCall, job: JobAnswer): Promise<Sent> {
    if (call.sentAt) return { kind: 'accepted', outputs: this.#outputsAfter(call, job), ...await this.#repeatsSince(call, job) };
    throw new Refused(400, `job ${job.id} cannot be played: it is ${job.status ?? 'of no status'}, and only a manual job that waits can`);
  }

  /** Of a name the latest job is found, which may have been retried since: that is not the one that was played. */
  #outputsAfter(call: ActionCall, { id }: JobAnswer): Outputs | undefined {
    return read(call.with).pipeline === undefined ? { job: id } : undefined;
  }

  /** The pipeline that goes on by the job; undefined where GitLab does not tell which it is. */
  async #repeats({ calls, with: values }: ActionCall, job: JobAnswer): Promise<Repeated | undefined> {
    const { project, pipeline: named } = read(values);
    const id = named ?? job.pipeline?.id;
    const pipeline = id === undefined ? undefined : await readPipeline(calls, project, String(id));
    return pipeline && repeatOf(calls, project, pipeline);
  }

  /** Once the job runs, the last end of the pipeline may be one from before or one that it has led to: it tells nothing. */
  async #repeatsSince(call: ActionCall, job: JobAnswer): Promise<{ repeats?: Repeated }> {
    const repeats = await this.#repeats(call, job);
    return repeats ? { repeats: { repository: repeats.repository, id: repeats.id } } : {};
  }

  async #find({ calls, with: values }: ActionCall): Promise<JobAnswer> {
    const { project, job, pipeline } = read(values);
    const found = pipeline === undefined
      ? await readJob(calls, project, job)
      : (await readJobs(calls, project, pipeline))?.jobs.find(({ name }) => name === job);
    if (found) return found;
    throw new Refused(404, pipeline === undefined ? `GitLab has no job ${job} in ${project}` : `GitLab has no job "${job}" in pipeline ${pipeline} of ${project}`);
  }
}
