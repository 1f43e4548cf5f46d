import type { Outputs } from '@stellwerk/contracts';
import { describe, Fields, madeIn, Refused, type ActionCall, type ConnectorAction, type Looked, type Sent, type Target } from '@stellwerk/connector-kit';
import type { HttpResponse } from '@stellwerk/http';
import { CORRELATION_NAME } from '@stellwerk/platforms';
import { CLOCK_SKEW_MS } from '../dispatched-runs/find-run.js';
import { expectStatus, readList, repositoryPath, shortened, writeJson } from '../github.client.js';

/** GitHub merges the default branch into the ref at most so often for one order. */
const MOST_MERGES = 3;
/** A hundred deployments each. */
const MOST_PAGES = 20;

interface DeploymentAnswer {
  id?: number;
  created_at?: string;
  /** A text where it was sent as one. */
  payload?: unknown;
}

const placeOf = (values: Record<string, unknown>): { repository: string; ref: string; environment?: string; task?: string } => {
  const fields = new Fields('create-deployment', values);
  return { repository: fields.text('repository'), ref: fields.text('ref'), environment: fields.textOf('environment'), task: fields.textOf('task') };
};

const bodyOf = (call: ActionCall): Record<string, unknown> => {
  const fields = new Fields('create-deployment', call.with);
  const { ref, environment, task } = placeOf(call.with);
  const description = fields.textOf('description');
  return {
    ref, environment, task,
    payload: { ...fields.mapOf('payload'), [CORRELATION_NAME]: call.commandId },
    description: description && shortened(description),
    production_environment: fields.booleanOf('production_environment'),
    transient_environment: fields.booleanOf('transient_environment'),
    // GitHub's own default writes a merge commit into the branch that is deployed.
    auto_merge: fields.booleanOf('auto_merge') ?? false,
    required_contexts: fields.listOf('required_contexts'),
  };
};

const isOurs = ({ payload }: DeploymentAnswer, commandId: string): boolean => {
  if (typeof payload === 'string') return payload.includes(`"${commandId}"`);
  return typeof payload === 'object' && payload !== null && (payload as Record<string, unknown>)[CORRELATION_NAME] === commandId;
};

const outputsOf = ({ id }: DeploymentAnswer): Outputs | undefined => (id === undefined ? undefined : { deployment: id });

/** `github/create-deployment`. */
export class CreateDeploymentAction implements ConnectorAction {
  readonly name = 'create-deployment';
  readonly follows = false;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { repository, ref, environment } = placeOf(values);
    repositoryPath(repository);
    return { repository, pipeline: `deployments to ${environment ?? 'production'}`, ref };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  /** 202: GitHub has merged the default branch into the ref and made no deployment; the same order then makes it. */
  async send(call: ActionCall): Promise<Sent> {
    const path = `${repositoryPath(placeOf(call.with).repository)}/deployments`;
    const json = bodyOf(call);
    for (let merges = 1; ; merges += 1) {
      const response = await writeJson(call.calls, call, { path, json });
      if (response.status !== 202) return this.#judge(response, json.required_contexts !== undefined);
      if (merges === MOST_MERGES) throw new Refused(202, `GitHub merged ${merges} times and made no deployment: ${describe(response)}`);
    }
  }

  #judge(response: HttpResponse, checksNamed: boolean): Sent {
    if (response.status === 409 && !checksNamed) throw new Refused(409, `GitHub refuses: ${describe(response)} (without \`required_contexts\` every status of the commit counts, our own pending one too)`);
    return { kind: 'accepted', outputs: outputsOf(madeIn<DeploymentAnswer>(expectStatus(response, 201))) };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const { repository, ...place } = placeOf(call.with);
    const since = (call.sentAt ?? new Date()).getTime() - CLOCK_SKEW_MS;
    const found: DeploymentAnswer[] = [];
    const query = Object.fromEntries(Object.entries(place).filter((entry): entry is [string, string] => entry[1] !== undefined));
    const walked = await readList<DeploymentAnswer>(call.calls, `${repositoryPath(repository)}/deployments`, { query, most: MOST_PAGES }, (page) => {
      found.push(...page.filter((one) => isOurs(one, call.commandId)));
      return found.length > 0 || page.some(({ created_at: at }) => Date.parse(at ?? '') < since);
    });
    if (found[0]) return { kind: 'found', outputs: outputsOf(found[0]) };
    return walked === 'cut' ? { kind: 'cannot', reason: `${repository} has more deployments of that time than can be looked through` } : { kind: 'absent' };
  }
}
