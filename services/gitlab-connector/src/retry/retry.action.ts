import { Fields, Refused, type ActionCall, type ConnectorAction, type Looked, type Sent, type Target } from '@stellwerk/connector-kit';
import { expectStatus, projectPath, readPipeline, type PipelineAnswer } from '../gitlab.client.js';
import { readJobs } from '../jobs/jobs.client.js';
import { repeatOf } from '../repeat-of.js';
import { retriedAt } from './retried-at.js';

const read = (values: Record<string, unknown>): { project: string; pipeline: string } => {
  const fields = new Fields('retry', values);
  return { project: fields.text('project'), pipeline: String(fields.integer('pipeline')) };
};

/** `gitlab/retry`: the failed and cancelled jobs of a pipeline run again, under the pipeline's id. Without such jobs GitLab does nothing. */
export class RetryAction implements ConnectorAction {
  readonly name = 'retry';
  readonly follows = false;
  /** What fails again in between would run a third time. */
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { project, pipeline } = read(values);
    return { repository: project, pipeline: this.name, ref: pipeline };
  }

  /** The new jobs of two retries could not be told apart. */
  async exclusive(): Promise<boolean> {
    return true;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { project, pipeline } = read(call.with);
    const repeats = await repeatOf(call.calls, project, await this.#find(call));
    expectStatus(await call.calls.write({ method: 'POST', path: `${projectPath(project)}/pipelines/${pipeline}/retry` }, call), 200, 201);
    return { kind: 'accepted', repeats };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const { project, pipeline } = read(call.with);
    const found = await readJobs(call.calls, project, pipeline, { retried: true });
    if (!found) throw new Refused(404, `GitLab has no pipeline ${pipeline} in ${project}`);
    const at = retriedAt(found, call.sentAt ?? new Date());
    return at === undefined ? { kind: 'absent' } : { kind: 'found', repeats: { ...await repeatOf(call.calls, project, await this.#find(call)), after: at } };
  }

  async #find({ calls, with: values }: ActionCall): Promise<PipelineAnswer> {
    const { project, pipeline } = read(values);
    const found = await readPipeline(calls, project, pipeline);
    if (!found) throw new Refused(404, `GitLab has no pipeline ${pipeline} in ${project}`);
    return found;
  }
}
