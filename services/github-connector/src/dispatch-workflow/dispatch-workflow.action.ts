import { Fields, asTexts, type ActionCall, type ConnectorAction, type Looked, type Sent, type StartedRun, type Target } from '@stellwerk/connector-kit';
import type { Outputs } from '@stellwerk/contracts';
import { MalformedResponse, type HttpResponse } from '@stellwerk/http';
import { CORRELATION_NAME } from '@stellwerk/platforms';
import type { Echoes } from '../dispatched-runs/echoes.js';
import { lookUpRun } from '../dispatched-runs/look-up-run.js';
import { expectStatus, readRun, repositoryPath, writeJson } from '../github.client.js';
import { startedRunOf } from '../started-run.js';

/** https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event; Enterprise Server up to 3.19 takes ten. */
const MAX_INPUTS = 25;
/** "No more than 10 properties are allowed; 11 were supplied." */
const TOO_MANY = /more than \d+ properties/i;

interface With {
  repository: string;
  workflow: string;
  ref: string;
  inputs?: Record<string, unknown>;
}

interface DispatchAnswer {
  workflow_run_id?: number;
  html_url?: string;
}

const read = (values: Record<string, unknown>): With => {
  const fields = new Fields('dispatch-workflow', values);
  return { repository: fields.text('repository'), workflow: fields.text('workflow'), ref: fields.text('ref'), inputs: fields.mapOf('inputs') };
};

/** Whether our id goes out as an input: not where the workflow is known to refuse it, nor where the inputs leave it no room. */
const carries = (call: ActionCall): boolean => call.carrier && Object.keys(read(call.with).inputs ?? {}).length < MAX_INPUTS;

/** Why the server does not take our id, when it is that: GitHub names every input that it does not know, and one of the step's own is no fault of ours. */
const carrierRefusal = (text: string): string | undefined => {
  if (/unexpected inputs?/i.test(text) && text.includes(CORRELATION_NAME)) return `the workflow declares no input ${CORRELATION_NAME}`;
  return TOO_MANY.test(text) ? `the server takes no further input, such as ${CORRELATION_NAME}, beside those of the step` : undefined;
};

/** `github/dispatch-workflow`. */
export class DispatchWorkflowAction implements ConnectorAction {
  readonly name = 'dispatch-workflow';
  readonly follows = true;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  constructor(private readonly echoes: Echoes) {}

  target(values: Record<string, unknown>): Target {
    const { repository, workflow, ref } = read(values);
    repositoryPath(repository);
    return { repository, pipeline: workflow, ref };
  }

  async exclusive(call: ActionCall): Promise<boolean> {
    const { repository, workflow } = read(call.with);
    return !carries(call) || !this.echoes.known(call.connection.name, repository, workflow);
  }

  async send(call: ActionCall): Promise<Sent> {
    const response = await this.#dispatch(call, true);
    // Servers that do not know the option may refuse it; that is proof that nothing started.
    const unsupported = response.status === 422 && response.text.includes('return_run_details');
    return this.#judge(call, unsupported ? await this.#dispatch(call, false) : response);
  }

  /** Whether a run shows our id: then dispatches of its workflow need not go one after the other. */
  async learn(call: ActionCall, { id }: StartedRun): Promise<void> {
    const { repository, workflow } = read(call.with);
    const place = { connection: call.connection.name, repository, workflow };
    if (this.echoes.known(place.connection, repository, workflow) || !this.echoes.mayAsk(place)) return;
    const run = await readRun(call.calls, repository, id);
    this.echoes.learn(place, run?.display_title, call.commandId);
  }

  outputsOf({ id }: StartedRun): Outputs {
    return { run: Number(id) };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    return lookUpRun(call, { event: 'workflow_dispatch', ...read(call.with) }, this.echoes);
  }

  async #dispatch(call: ActionCall, details: boolean): Promise<HttpResponse> {
    const { repository, workflow, ref, inputs } = read(call.with);
    const texts = asTexts(inputs);
    const json = { ref, inputs: carries(call) ? { ...texts, [CORRELATION_NAME]: call.commandId } : texts, ...(details ? { return_run_details: true } : {}) };
    return writeJson(call.calls, call, { path: `${repositoryPath(repository)}/actions/workflows/${encodeURIComponent(workflow)}/dispatches`, json });
  }

  #judge(call: ActionCall, response: HttpResponse): Sent {
    const refusal = response.status === 422 && carries(call) ? carrierRefusal(response.text) : undefined;
    if (refusal) return { kind: 'carrier-refused', reason: refusal };
    expectStatus(response, 200, 204);
    return { kind: 'accepted', run: this.#runIn(call, response) };
  }

  /** 204, or a body that cannot be read: taken, but the run has to be looked up. */
  #runIn(call: ActionCall, response: HttpResponse): StartedRun | undefined {
    const { repository, workflow } = read(call.with);
    try {
      const answer = response.status === 200 ? response.json<DispatchAnswer | null>() : null;
      return answer?.workflow_run_id === undefined ? undefined : startedRunOf({ id: answer.workflow_run_id, html_url: answer.html_url }, repository, workflow);
    } catch (error) {
      if (error instanceof MalformedResponse) return undefined;
      throw error;
    }
  }
}
