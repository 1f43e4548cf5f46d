import { jsonBody } from '../kit/exchange.js';
import type { Parameters } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, unprocessable } from './answers.js';
import { type GithubRepository, runTitle } from './catalog.js';
import type { GithubService } from './service.js';

const MAX_TYPE_CHARACTERS = 100;
const MAX_PROPERTIES = 10;
const PAYLOAD_LIMIT_BYTES = 65_536;

interface Dispatch {
  type: string;
  payload: Record<string, unknown>;
}

/** `POST /repos/{o}/{r}/dispatches`: every workflow that listens to the type runs on the default branch; the answer names none of them. */
export const dispatchRepository = (service: GithubService, exchange: Exchange, { owner, repo }: Parameters): Answer => {
  const name = `${owner}/${repo}`;
  const repository = service.catalog[name];
  if (!repository) return notFound();
  const order = jsonBody(exchange);
  if (!order) return { ...unprocessable('Problems parsing JSON'), status: 400 };
  const fault = faultOf(order);
  if (fault) return unprocessable(fault);
  const dispatch = { type: order['event_type'] as string, payload: (order['client_payload'] ?? {}) as Record<string, unknown> };
  service.sendEvent('repository_dispatch', name, { action: dispatch.type, branch: service.defaultBranch(name), client_payload: dispatch.payload });
  for (const file of listeners(repository, dispatch.type)) start(service, name, file, dispatch);
  return { status: 204 };
};

/** Why GitHub refuses it; undefined when it does not. */
const faultOf = ({ event_type: type, client_payload: payload = {} }: Record<string, unknown>): string | undefined => {
  if (typeof type !== 'string' || type === '') return 'Invalid request.\n\n"event_type" wasn\'t supplied.';
  if (type.length > MAX_TYPE_CHARACTERS) return `Invalid request.\n\nOnly ${MAX_TYPE_CHARACTERS} characters are allowed; ${type.length} were supplied.`;
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return 'Invalid request.\n\nFor \'properties/client_payload\', the value is not an object.';
  const count = Object.keys(payload).length;
  if (count > MAX_PROPERTIES) return `Invalid request.\n\nNo more than ${MAX_PROPERTIES} properties are allowed; ${count} were supplied.`;
  return Buffer.byteLength(JSON.stringify(payload)) >= PAYLOAD_LIMIT_BYTES ? 'client_payload is too large.' : undefined;
};

const listeners = ({ workflows }: GithubRepository, type: string): string[] =>
  Object.keys(workflows).filter((file) => {
    const { repositoryDispatch: types } = workflows[file]!;
    return types === true || types?.includes(type);
  });

const start = (service: GithubService, repository: string, file: string, { type, payload }: Dispatch): void => {
  const workflow = service.catalog[repository]!.workflows[file]!;
  service.runs.create({
    repository, workflow: file, event: 'repository_dispatch', branch: service.defaultBranch(repository), sha: service.headOf(repository),
    actor: service.login, title: runTitle(workflow, payload) ?? type, message: 'Release', planned: service.outcomes.take(`${repository}/${file}`, 'success'),
  });
};
