import type { SeenBuild } from './job-cursor.js';
import type { ListedJob } from './job.client.js';

/** A job below a folder or multibranch job, by its full name. */
export interface JobBelow {
  job: string;
  nextNumber?: number;
  last?: SeenBuild;
}

/** All jobs below: of folders in folders, of an organization's multibranch jobs, of branches. What has neither builds nor jobs is left out. */
export const jobsBelow = (folder: string, jobs: readonly (ListedJob | null)[]): JobBelow[] =>
  jobs.flatMap((child) => {
    if (!child) return []; // An item that the user may not see.
    const job = `${folder}/${child.name}`;
    if (child.jobs) return jobsBelow(job, child.jobs);
    if (child.nextBuildNumber === undefined && !child.lastBuild) return [];
    return [{ job, nextNumber: child.nextBuildNumber, last: child.lastBuild ?? undefined }];
  });
