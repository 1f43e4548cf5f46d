import { Refused, describe, type ActionCall, type ConnectorAction, type Looked, type Sent, type StartedRun, type Target, type Walked } from '@stellwerk/connector-kit';
import { MalformedResponse, type HttpResponse } from '@stellwerk/http';
import { CORRELATION_NAME } from '@stellwerk/platforms';
import { PermanentError } from '@stellwerk/service-kit';
import { API_HEADERS, expectStatus, readLogin, readRun, repositoryPath, walkDispatchedRuns, type RunAnswer } from '../github.client.js';
import { startedRunOf } from '../started-run.js';
import type { Echoes } from './echoes.js';
import { CLOCK_SKEW_MS, findRun, ROUNDING_MS, showsId } from './find-run.js';

/** https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event; Enterprise Server up to 3.19 takes ten. */
const MAX_INPUTS = 25;
/** "No more than 10 properties are allowed; 11 were supplied." */
const TOO_MANY = /more than \d+ properties/i;
/** A run that a call started was created so long after it at the latest. */
const LATEST_MS = 600_000;
/** Reads of a look-up, of a hundred runs each: only a repository with more than a hundred runs a second needs them all. */
const MOST_READS = 1_000;

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
  for (const name of ['repository', 'workflow', 'ref']) {
    const value = values[name];
    if (typeof value !== 'string' && typeof value !== 'number') throw new PermanentError(`dispatch-workflow needs \`${name}\``);
  }
  return { ...values, repository: String(values.repository), workflow: String(values.workflow), ref: String(values.ref) };
};

const asTexts = (inputs: Record<string, unknown> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));

/** Whether our id goes out as an input: not where the workflow is known to refuse it, nor where the inputs leave it no room. */
const carries = (call: ActionCall): boolean => call.carrier && Object.keys(read(call.with).inputs ?? {}).length < MAX_INPUTS;

/** Why the server does not take our id, when it is that. */
const carrierRefusal = (text: string): string | undefined => {
  if (/unexpected inputs?/i.test(text)) return `the workflow declares no input ${CORRELATION_NAME}`;
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

  async lookUp(call: ActionCall): Promise<Looked> {
    const { repository, workflow, ref } = read(call.with);
    const sentAt = call.sentAt ?? new Date();
    const { runs, walked } = await this.#runsAround(call, sentAt.getTime());
    const found = findRun(runs, { commandId: call.commandId, workflow, ref, sentAt, login: await readLogin(call.calls) });
    if (found.kind === 'echoed') {
      this.echoes.learn({ connection: call.connection.name, repository, workflow }, found.run.display_title, call.commandId);
      return { kind: 'found', run: startedRunOf(found.run, repository, workflow) };
    }
    if (walked === 'cut') return { kind: 'cannot', reason: `${repository} has more runs of that time than can be looked through (${runs.length}), and none shows our id` };
    return this.#sole(call, { certain: await this.#unclaimed(call, found.certain), early: await this.#unclaimed(call, found.early) });
  }

  /** Those that the call may have started, until one shows our id; the likeliest time is looked through first. */
  async #runsAround(call: ActionCall, sentAt: number): Promise<{ runs: RunAnswer[]; walked: Walked }> {
    const seen = new Map<number | string, RunAnswer>();
    const times = [[sentAt - ROUNDING_MS, sentAt + LATEST_MS], [sentAt - CLOCK_SKEW_MS, sentAt - ROUNDING_MS]] as const;
    let walked: Walked = 'whole';
    for (const [from, until] of times) {
      if (walked !== 'whole') break;
      const window = { from: new Date(from), until: new Date(until) };
      walked = await walkDispatchedRuns(call.calls, read(call.with).repository, { window, most: MOST_READS }, (page) => {
        for (const run of page) seen.set(run.id, run);
        return page.some((run) => showsId(run.display_title, call.commandId));
      });
    }
    return { runs: [...seen.values()], walked };
  }

  async #dispatch(call: ActionCall, details: boolean): Promise<HttpResponse> {
    const { repository, workflow, ref, inputs } = read(call.with);
    const texts = asTexts(inputs);
    const path = `${repositoryPath(repository)}/actions/workflows/${encodeURIComponent(workflow)}/dispatches`;
    const json = { ref, inputs: carries(call) ? { ...texts, [CORRELATION_NAME]: call.commandId } : texts, ...(details ? { return_run_details: true } : {}) };
    return call.calls.write({ method: 'POST', path, headers: API_HEADERS, json }, call);
  }

  #judge(call: ActionCall, response: HttpResponse): Sent {
    const refusal = response.status === 422 && carries(call) ? carrierRefusal(response.text) : undefined;
    if (refusal) return { kind: 'carrier-refused', reason: refusal };
    if (response.status === 404) throw new Refused(404, `GitHub knows no such repository or workflow, or the token may not see it (${describe(response)})`);
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

  async #unclaimed(call: ActionCall, runs: readonly RunAnswer[]): Promise<RunAnswer[]> {
    const { repository, workflow } = read(call.with);
    const claimed = await Promise.all(runs.map(async (run) => call.isClaimed(startedRunOf(run, repository, workflow))));
    return runs.filter((_, index) => !claimed[index]);
  }

  #sole(call: ActionCall, { certain, early }: { certain: RunAnswer[]; early: RunAnswer[] }): Looked {
    const { repository, workflow } = read(call.with);
    if (certain.length === 1) return { kind: 'found', run: startedRunOf(certain[0]!, repository, workflow) };
    if (certain.length === 0 && early.length === 0) return { kind: 'absent' };
    return { kind: 'cannot', reason: `${certain.length + early.length} runs of ${workflow} could be this one, and none shows our id; put inputs.${CORRELATION_NAME} into its run-name` };
  }
}
