import {
  asTexts, describe, Fields, ReadFailed, Refused, type ActionCall, type ConnectorAction, type Looked, type Sent, type StartedRun, type Target,
} from '@stellwerk/connector-kit';
import type { Outputs } from '@stellwerk/contracts';
import { MalformedResponse, type HttpResponse } from '@stellwerk/http';
import { CORRELATION_NAME } from '@stellwerk/platforms';
import { expectStatus, projectOf, projectPath, type PipelineAnswer } from '../gitlab.client.js';
import { PipelineSearch } from './pipeline-search.js';

/** GitLab's words where a project forbids pipeline variables to the caller's role. */
const VARIABLES_FORBIDDEN = /insufficient permissions to set pipeline variables|variables not allowed/i;
/** https://docs.gitlab.com/ci/variables/#restrict-pipeline-variables */
const ROLE_SETTING = 'ci_pipeline_variables_minimum_override_role';
const WAY_OUT = `The project's setting ${ROLE_SETTING} forbids them to this role: declare the values as \`spec: inputs\` of the pipeline and give them as \`inputs\`, or lower the setting`;

interface Where {
  project: string;
  ref: string;
}

interface With extends Where {
  variables: Record<string, unknown>;
  inputs?: Record<string, unknown>;
  token?: string;
}

const fieldsOf = (values: Record<string, unknown>): Fields => new Fields('trigger-pipeline', values);

/** Also of a command whose secrets are still references. */
const where = (values: Record<string, unknown>): Where => ({ project: fieldsOf(values).text('project'), ref: fieldsOf(values).text('ref') });

const read = (values: Record<string, unknown>): With => {
  const fields = fieldsOf(values);
  return { ...where(values), variables: fields.mapOf('variables') ?? {}, inputs: fields.mapOf('inputs'), token: fields.textOf('token') };
};

/** `gitlab/trigger-pipeline`: with the connection's access token, or with a pipeline trigger token of its own. */
export class TriggerPipelineAction implements ConnectorAction {
  readonly name = 'trigger-pipeline';
  readonly follows = true;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = ['token'];
  readonly #search = new PipelineSearch();

  target(values: Record<string, unknown>): Target {
    const { project, ref } = where(values);
    return { repository: project, pipeline: project, ref };
  }

  /** A variable is readable again, so runs that carry our id cannot be mistaken for each other. */
  async exclusive(call: ActionCall): Promise<boolean> {
    return !call.carrier;
  }

  async send(call: ActionCall): Promise<Sent> {
    const response = await this.#trigger(call);
    if (response.status === 400 && VARIABLES_FORBIDDEN.test(response.text)) {
      if (call.carrier) return { kind: 'carrier-refused', reason: `the project forbids pipeline variables; its role setting is ${ROLE_SETTING}` };
      throw new Refused(400, `GitLab refuses: ${describe(response)}. ${WAY_OUT}`);
    }
    expectStatus(response, 200, 201);
    return { kind: 'accepted', run: await this.#runIn(call, response) };
  }

  outputsOf({ id, number: iid }: StartedRun): Outputs {
    return { pipeline: Number(id), ...(iid !== undefined && { iid }) };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const { project, ref } = where(call.with);
    const { commandId, carrier } = call;
    const matched = await this.#search.find(call.calls, { project, ref, sentAt: call.sentAt ?? new Date(), commandId, carrier }, async (pipeline) =>
      call.isClaimed(await this.#startedRun(call, pipeline)));
    return matched.kind === 'found' ? { kind: 'found', run: await this.#startedRun(call, matched.pipeline) } : matched;
  }

  async #trigger(call: ActionCall): Promise<HttpResponse> {
    const { project, ref, variables, inputs, token } = read(call.with);
    const texts = asTexts(call.carrier ? { ...variables, [CORRELATION_NAME]: call.commandId } : variables);
    const typed = inputs ? { inputs } : {};
    if (token !== undefined) {
      // In the body: a query string ends up in access logs.
      const json = { token, ref, ...typed, ...(Object.keys(texts).length > 0 ? { variables: texts } : {}) };
      return call.calls.write({ method: 'POST', path: `${projectPath(project)}/trigger/pipeline`, json, anonymous: true }, call);
    }
    const list = Object.entries(texts).map(([key, value]) => ({ key, value }));
    const json = { ref, ...typed, ...(list.length > 0 ? { variables: list } : {}) };
    return call.calls.write({ method: 'POST', path: `${projectPath(project)}/pipeline`, json }, call);
  }

  /** A body that cannot be read was still an acceptance: the run has to be looked up. */
  async #runIn(call: ActionCall, response: HttpResponse): Promise<StartedRun | undefined> {
    try {
      const pipeline = response.json<PipelineAnswer | null>();
      return pipeline?.id === undefined ? undefined : await this.#startedRun(call, pipeline);
    } catch (error) {
      if (error instanceof MalformedResponse || error instanceof Refused || error instanceof ReadFailed) return undefined;
      throw error;
    }
  }

  async #startedRun(call: ActionCall, pipeline: PipelineAnswer): Promise<StartedRun> {
    const repository = await projectOf(call.calls, pipeline, where(call.with).project);
    return { id: String(pipeline.id), attempt: 1, number: pipeline.iid, url: pipeline.web_url, repository, pipeline: repository };
  }
}
