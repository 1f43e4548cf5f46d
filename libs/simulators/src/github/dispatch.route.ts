import { jsonBody } from '../kit/exchange.js';
import type { Parameters } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, unprocessable } from './answers.js';
import { numberOf } from '../kit/numbers.js';
import { type GithubRepository, type GithubWorkflow, runTitle } from './catalog.js';
import type { GithubService } from './service.js';

const MAX_INPUTS = 25;
const MAX_INPUT_CHARACTERS = 65_535;

/** `POST …/actions/workflows/{id or file}/dispatches`. */
export const dispatchWorkflow = (service: GithubService, exchange: Exchange, { owner, repo, workflow: name }: Parameters): Answer => {
  const fullName = `${owner}/${repo}`;
  const repository = service.catalog[fullName];
  const file = repository && workflowFile(fullName, repository, name!);
  if (!repository || !file) return notFound();
  const order = jsonBody(exchange);
  const fault = order === undefined ? 'Problems parsing JSON' : orderFault(repository, repository.workflows[file]!, order);
  if (fault) return order === undefined ? { ...unprocessable(fault), status: 400 } : unprocessable(fault);
  const run = start(service, fullName, file, order!);
  const api = `${service.root()}/repos/${fullName}/actions/runs/${run.id}`;
  return service.runDetails && order!['return_run_details'] === true
    ? ok({ workflow_run_id: run.id, run_url: api, html_url: `${service.root()}/${fullName}/actions/runs/${run.id}` })
    : { status: 204 };
};

const workflowFile = (fullName: string, repository: GithubRepository, name: string): string | undefined =>
  Object.keys(repository.workflows).find((file) => file === name || String(numberOf(`${fullName}/${file}`)) === name);

/** Why GitHub refuses a dispatch, in its words; undefined when it does not. */
const orderFault = (repository: GithubRepository, workflow: GithubWorkflow, order: Record<string, unknown>): string | undefined => {
  const { ref } = order;
  const inputs = (order['inputs'] ?? {}) as Record<string, unknown>;
  if (typeof ref !== 'string') return 'Invalid request.\n\n"ref" wasn\'t supplied.';
  if (Object.keys(inputs).length > MAX_INPUTS)
    return `Invalid request.\n\nNo more than ${MAX_INPUTS} properties are allowed; ${Object.keys(inputs).length} were supplied.`;
  if (JSON.stringify(inputs).length > MAX_INPUT_CHARACTERS) return 'inputs are too large.';
  if (!knownRef(repository, ref)) return `No ref found for: ${ref}`;
  if (!workflow.inputs) return "Workflow does not have 'workflow_dispatch' trigger";
  const unexpected = Object.keys(inputs).filter((name) => !workflow.inputs!.includes(name));
  if (unexpected.length > 0) return `Unexpected inputs provided: ${JSON.stringify(unexpected)}`;
  const missing = (workflow.required ?? []).find((name) => inputs[name] === undefined || inputs[name] === '');
  return missing && `Required input '${missing}' not provided`;
};

const knownRef = (repository: GithubRepository, ref: string): boolean =>
  (repository.refs ?? ['main']).includes(ref.replace(/^refs\/(heads|tags)\//, ''));

const start = (service: GithubService, repository: string, file: string, order: Record<string, unknown>): { id: number } => {
  const workflow = service.catalog[repository]!.workflows[file]!;
  const inputs = (order['inputs'] ?? {}) as Record<string, unknown>;
  return service.runs.create({
    repository,
    workflow: file,
    event: 'workflow_dispatch',
    branch: (order['ref'] as string).replace(/^refs\/(heads|tags)\//, ''),
    sha: service.headOf(repository),
    actor: service.login,
    title: runTitle(workflow, inputs) ?? workflow.name,
    message: 'Release',
    planned: service.outcomes.take(`${repository}/${file}`, 'success'),
  });
};
