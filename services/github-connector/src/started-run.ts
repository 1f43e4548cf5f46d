import type { StartedRun } from '@stellwerk/connector-kit';
import type { RunAnswer } from './github.client.js';

/** `https://host/Acme/Shop/actions/runs/1` → `Acme/Shop`. */
const repositoryIn = (url: string | undefined): string | undefined => /^https?:\/\/[^/]+\/(?:.*\/)?([^/]+\/[^/]+)\/actions\/runs\//.exec(url ?? '')?.[1];

/** The repository in GitHub's own spelling, which hooks use too: names differ by case only for people. */
export const spelledLike = (repository: string, ...found: (string | undefined)[]): string =>
  found.find((one) => one?.toLowerCase() === repository.toLowerCase()) ?? repository;

export const startedRunOf = (run: RunAnswer, repository: string, pipeline: string | undefined): StartedRun => ({
  id: String(run.id),
  attempt: run.run_attempt ?? 1,
  number: run.run_number,
  url: run.html_url,
  repository: spelledLike(repository, run.repository?.full_name, repositoryIn(run.html_url)),
  pipeline,
});
