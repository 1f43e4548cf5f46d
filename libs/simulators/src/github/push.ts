import type { PlannedOutcome } from '../kit/outcomes.js';
import { pushHook } from './hook-payloads.js';
import { runView } from './run-view.js';
import type { GithubService } from './service.js';

/** A developer's push and the workflow run it starts. */
export interface GithubPush {
  repository?: string;
  /** File name; default `ci.yml`. */
  workflow?: string;
  branch?: string;
  sha?: string;
  /** The run's own event: push (default), pull_request, schedule … */
  event?: string;
  actor?: string;
  message?: string;
  /** Another repository for a fork. */
  headRepository?: string;
  /** How the run ends; default: as planned under outcomes, else success. */
  conclusion?: string;
  milliseconds?: number;
  /** Also send the `push` webhook. */
  announce?: boolean;
}

/** Starts a run that is not ours; gives it as the API shows it. */
export const push = (service: GithubService, order: GithubPush): Record<string, unknown> => {
  const repository = order.repository ?? Object.keys(service.catalog)[0]!;
  const workflow = order.workflow ?? 'ci.yml';
  if (!service.catalog[repository]?.workflows[workflow]) throw new Error(`no workflow ${workflow} in ${repository}`);
  const message = order.message ?? 'Improve the shop';
  const run = service.runs.create({
    repository,
    headRepository: order.headRepository,
    workflow,
    event: order.event ?? 'push',
    branch: order.branch ?? service.defaultBranch(repository),
    sha: order.sha,
    actor: order.actor ?? 'octocat',
    title: message,
    message,
    planned: plannedOf(service, `${repository}/${workflow}`, order),
  });
  if (order.announce) {
    const hook = pushHook(service.view, run);
    service.sendEvent('push', repository, hook.body as Record<string, unknown>);
  }
  return runView(service.view, run);
};

const plannedOf = (service: GithubService, key: string, order: GithubPush): PlannedOutcome => {
  const planned = order.conclusion === undefined ? service.outcomes.take(key, 'success') : { result: order.conclusion };
  return order.milliseconds === undefined ? planned : { ...planned, milliseconds: order.milliseconds };
};
