import type { StartedRun } from '@stellwerk/connector-kit';

/** Job path and number are a build's identity; a rerun is a new build, so there is one attempt. */
export const startedBuild = (build: { number: number; url?: string }, jobPath: string): StartedRun => ({
  id: String(build.number), attempt: 1, number: build.number, url: build.url, repository: jobPath, pipeline: jobPath.slice(jobPath.lastIndexOf('/') + 1),
});
