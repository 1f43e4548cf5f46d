import { cutTo, Fields, madeIn, type ActionCall, type ConnectorAction, type Sent, type Target } from '@stellwerk/connector-kit';
import type { HttpResponse } from '@stellwerk/http';
import { expectStatus, projectPath } from '../gitlab.client.js';
import { EndlessEnd } from './endless-end.js';

/** GitLab refuses longer ones: https://docs.gitlab.com/api/commits/#set-commit-pipeline-status */
const MAX_DESCRIPTION = 255;
const NO_SUCH_PIPELINE = /pipeline for pipeline_id/i;
/** Another update of the same status is on; GitLab holds it for seconds. */
const BUSY_RETRY_MS = 2_000;

const STATES = ['pending', 'running', 'success', 'failed', 'canceled', 'skipped', 'failure', 'error'] as const;
/** The words of a flow's report. `error` is said of nothing but a run that a person cancelled. */
const OURS: Readonly<Partial<Record<(typeof STATES)[number], string>>> = { failure: 'failed', error: 'canceled' };

const fieldsOf = (values: Record<string, unknown>): Fields => new Fields('set-status', values);
const projectIn = (fields: Fields): string => fields.textOf('project') ?? fields.textOf('repository') ?? fields.text('project');
const nameIn = (fields: Fields): string => fields.textOf('name') ?? fields.textOf('context') ?? 'default';

/** `gitlab/set-status`, and what a flow reports: the last one of a name counts, so setting it twice does no harm. */
export class SetStatusAction implements ConnectorAction {
  readonly name = 'set-status';
  readonly follows = false;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];
  readonly #endless = new EndlessEnd();

  target(values: Record<string, unknown>): Target {
    const fields = fieldsOf(values);
    return { repository: projectIn(fields), pipeline: nameIn(fields), ref: fields.text('sha') };
  }

  /** The last one counts: two on their way at once could arrive in the other order. */
  async exclusive(): Promise<boolean> {
    return true;
  }

  async send(call: ActionCall): Promise<Sent> {
    const fields = fieldsOf(call.with);
    const pipeline = fields.integerOf('pipeline');
    const first = await this.#post(call, fields, pipeline);
    // A child pipeline takes no statuses; the answer proves that none was set: https://docs.gitlab.com/ci/pipelines/downstream_pipelines/
    const response = first.status === 404 && NO_SUCH_PIPELINE.test(first.text) ? await this.#post(call, fields) : first;
    // It is there already, or further.
    if (response.status === 400 && /cannot transition status/i.test(response.text)) return { kind: 'accepted' };
    if (response.status === 409) return { kind: 'not-started', reason: 'GitLab is busy with another update of this status', retryMs: BUSY_RETRY_MS };
    const { id } = madeIn<{ id: number }>(expectStatus(response, 200, 201));
    return { kind: 'accepted', ...(id !== undefined && { outputs: { id } }) };
  }

  async #post(call: ActionCall, fields: Fields, pipeline?: number): Promise<HttpResponse> {
    const [project, sha, ref] = [projectIn(fields), fields.text('sha'), fields.textOf('ref')];
    await this.#endless.check(call, { project, sha, ref, pipeline });
    const path = `${projectPath(project)}/statuses/${encodeURIComponent(sha)}`;
    // The ref of a merge request's pipeline is not the branch that events name, and both would have to fit.
    const where = pipeline === undefined ? { ref } : { pipeline_id: pipeline };
    return call.calls.write({ method: 'POST', path, json: { ...this.#status(fields), ...where } }, call);
  }

  #status(fields: Fields): Record<string, unknown> {
    const state = fields.wordOf('state', STATES) ?? fields.text('state');
    const description = fields.textOf('description');
    return {
      state: OURS[state as (typeof STATES)[number]] ?? state,
      name: nameIn(fields),
      ...(description === undefined ? {} : { description: cutTo(description, MAX_DESCRIPTION) }),
      target_url: fields.textOf('target_url'),
    };
  }
}
