import { Refused, describe, type ConnectionCalls } from '@stellwerk/connector-kit';
import { BUILD, tree, type BuildAnswer } from '../jenkins.client.js';
import { jobUrlPath } from '../job-path.js';

/** Builds in one answer. `builds` holds the newest hundred, `allBuilds` all: https://javadoc.jenkins.io/hudson/model/Job.html#getAllBuilds() */
export const PAGE = 50;
const NEWEST = 100;

/** What Jenkins says of a build; `readBuild` and lists give the same fields. */
export type ListedBuild = BuildAnswer & { building?: boolean; result?: string | null; duration?: number };

/** A job as the list of its folder shows it; with `jobs` it is a folder or a multibranch job itself. */
export interface ListedJob {
  name: string;
  nextBuildNumber?: number;
  lastBuild?: { number: number; timestamp?: number } | null;
  jobs?: (ListedJob | null)[];
}

export interface JobAnswer extends Omit<ListedJob, 'name'> {
  builds?: ListedBuild[];
}

const LISTED = 'name,nextBuildNumber,lastBuild[number,timestamp]';
/** Organization, multibranch job, branch, and one folder more; what lies deeper has to be named. */
const BELOW = `jobs[${LISTED},jobs[${LISTED},jobs[${LISTED},jobs[${LISTED}]]]]`;

/**
 * One call: of a job the newest fifty builds, of a folder or multibranch job all jobs below. `at`: now by the clock of Jenkins, ms,
 * as builds' times are; `found` is absent for a job that is not there, or that the user may not see.
 * @throws ReadFailed, NotReady, Refused (403)
 */
export const readJob = async (calls: ConnectionCalls, job: string): Promise<{ at: number; found?: JobAnswer }> => {
  const response = await calls.read(tree(jobUrlPath(job), `nextBuildNumber,builds[${BUILD}]{0,${PAGE}},${BELOW}`));
  const at = Date.parse(response.headers['date'] ?? '') || Date.now();
  if (response.status === 404) return { at };
  if (response.status !== 200) throw new Refused(response.status, `Jenkins refuses: ${describe(response)}`);
  return { at, found: response.json<JobAnswer>() };
};

/** Fifty builds from that place on, the newest being at 0. @throws ReadFailed, NotReady, Refused */
export const readBuildsFrom = async (calls: ConnectionCalls, job: string, from: number): Promise<ListedBuild[]> => {
  const list = from + PAGE <= NEWEST ? 'builds' : 'allBuilds';
  const response = await calls.read(tree(jobUrlPath(job), `${list}[${BUILD}]{${from},${from + PAGE}}`));
  if (response.status === 404) return [];
  if (response.status !== 200) throw new Refused(response.status, `Jenkins refuses: ${describe(response)}`);
  return response.json<Record<string, ListedBuild[] | undefined>>()[list] ?? [];
};
