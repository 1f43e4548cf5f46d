import { Fields, Refused, type ActionCall, type ConnectorAction, type Sent, type Target } from '@stellwerk/connector-kit';
import { hasEnded, expectStatus, projectPath, readPipeline } from '../gitlab.client.js';

/** Jobs end what they are at first. */
const STILL_RUNS_RETRY_MS = 2_000;

const read = (values: Record<string, unknown>): { project: string; pipeline: string } => {
  const fields = new Fields('cancel', values);
  return { project: fields.text('project'), pipeline: String(fields.integer('pipeline')) };
};

/** `gitlab/cancel`: ends a pipeline. GitLab says 200 whatever it does, so its status is read until it has ended or is on its way to. */
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
    if (await this.#isEnding(call)) return { kind: 'accepted' };
    expectStatus(await call.calls.write({ method: 'POST', path: `${projectPath(project)}/pipelines/${pipeline}/cancel` }, call), 200, 201);
    if (await this.#isEnding(call)) return { kind: 'accepted' };
    return { kind: 'not-started', reason: `pipeline ${pipeline} still runs`, retryMs: STILL_RUNS_RETRY_MS };
  }

  async #isEnding(call: ActionCall): Promise<boolean> {
    const { project, pipeline } = read(call.with);
    const found = await readPipeline(call.calls, project, pipeline);
    if (!found) throw new Refused(404, `GitLab has no pipeline ${pipeline} in ${project}`);
    return hasEnded(found) || found.status === 'canceling';
  }
}
