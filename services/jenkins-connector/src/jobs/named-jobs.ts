import type { Connection } from '@stellwerk/connector-kit';
import { jobPathOf } from '../job-path.js';
import type { NamedJob } from './named-jobs.repository.js';

/** The jobs that connections name, by full name, each once. */
export const namedJobsOf = (connections: readonly Connection[]): NamedJob[] =>
  connections.flatMap(({ name, jobs = [] }) => [...new Set(jobs.map((job) => jobPathOf(job)))].map((job) => ({ connection: name, job })));

/** Those of them that a job is, or lies below. */
export const namedAbove = (named: readonly NamedJob[], connection: string, job: string): NamedJob[] =>
  named.filter((one) => one.connection === connection && (job === one.job || job.startsWith(`${one.job}/`)));
