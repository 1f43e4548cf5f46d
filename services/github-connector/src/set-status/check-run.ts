import { madeIn, type ActionCall } from '@stellwerk/connector-kit';
import { PermanentError } from '@stellwerk/service-kit';
import { API_HEADERS, expectStatus, repositoryPath, writeJson } from '../github.client.js';
import type { Status } from './status.js';

interface CheckRunAnswer {
  id: number;
  status?: string;
  external_id?: string | null;
}

/** Check runs know no `error`: https://docs.github.com/en/rest/checks/runs#create-a-check-run */
const CONCLUSIONS: Readonly<Record<string, string>> = { success: 'success', failure: 'failure', error: 'failure' };

const TITLES: Readonly<Record<string, string>> = { pending: 'Running', success: 'Succeeded', failure: 'Failed', error: 'Failed' };

/** The status in the words of a check run. @throws PermanentError */
const stateOf = ({ state }: Status): { status: string; conclusion?: string } => {
  if (state === 'pending') return { status: 'in_progress' };
  const conclusion = Object.hasOwn(CONCLUSIONS, state) ? CONCLUSIONS[state] : undefined;
  if (conclusion === undefined) throw new PermanentError(`set-status: \`state\` is "${state}", expected one of pending, ${Object.keys(CONCLUSIONS).join(', ')}`);
  return { status: 'completed', conclusion };
};

const bodyOf = (call: ActionCall, status: Status): Record<string, unknown> => {
  const title = status.description ?? TITLES[status.state]!;
  return { name: nameOf(status), ...stateOf(status), external_id: call.commandId, details_url: status.targetUrl, output: { title, summary: title } };
};

const nameOf = ({ context = 'default' }: Status): string => context;

/**
 * Says it as a check run, as Apps do: the first word of one of our runs makes it, later ones change it, so that setting the same twice does no
 * harm. What has ended is not begun again: that is a new one.
 * @returns the check run that says it
 */
export const setCheckRun = async (call: ActionCall, status: Status): Promise<{ id?: number }> => {
  const path = `${repositoryPath(status.repository)}/check-runs`;
  const json = bodyOf(call, status);
  const known = await findCheckRun(call, status);
  const goesOn = known !== undefined && !(known.status === 'completed' && json.status !== 'completed');
  if (!goesOn) return madeIn<CheckRunAnswer>(expectStatus(await writeJson(call.calls, call, { path, json: { ...json, head_sha: status.sha } }), 201));
  expectStatus(await writeJson(call.calls, call, { method: 'PATCH', path: `${path}/${known.id}`, json }), 200);
  return { id: known.id };
};

/** The newest one of the name, when one of our run's commands has made it. */
const findCheckRun = async (call: ActionCall, status: Status): Promise<CheckRunAnswer | undefined> => {
  const query = new URLSearchParams({ check_name: nameOf(status), app_id: call.connection.auth?.app?.id ?? '', filter: 'latest' });
  const response = await call.calls.read(`${repositoryPath(status.repository)}/commits/${encodeURIComponent(status.sha)}/check-runs?${query.toString()}`, API_HEADERS);
  const { check_runs: [newest] = [] } = expectStatus(response, 200).json<{ check_runs?: CheckRunAnswer[] }>();
  return newest?.external_id?.startsWith(`${call.command.run}:`) ? newest : undefined;
};
