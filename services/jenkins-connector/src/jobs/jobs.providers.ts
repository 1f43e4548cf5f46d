import type { Provider } from '@nestjs/common';
import { HookHearing } from './hear-hooks.js';
import { JobCursorsRepository } from './job-cursors.repository.js';
import { JobHealth } from './job-health.js';
import { JobNotesRepository } from './job-notes.repository.js';
import { JobSweep } from './job-sweep.js';
import { JobLook } from './look-at-job.js';
import { NamedJobsRepository } from './named-jobs.repository.js';
import { VisitRunner } from './run-visit.js';
import { BuildTeller } from './tell-builds.js';
import { VisitMaker } from './visit-maker.js';
import { NamedJobVisit } from './visit-named-job.js';

/** What finds builds of named jobs. */
export const jobsProviders: Provider[] = [
  NamedJobsRepository, JobCursorsRepository, JobNotesRepository, BuildTeller, JobLook, NamedJobVisit, VisitMaker, VisitRunner, JobSweep, JobHealth, HookHearing,
];
