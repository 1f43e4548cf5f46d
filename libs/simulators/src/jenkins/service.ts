import type { OutcomeBook } from '../kit/outcomes.js';
import type { JenkinsUser } from './access.js';
import type { Builds } from './builds.js';
import type { JenkinsCatalog } from './job.js';

/** What the routes of Jenkins work with. */
export interface JenkinsService {
  catalog: JenkinsCatalog;
  builds: Builds;
  outcomes: OutcomeBook;
  user: JenkinsUser;
  root: () => string;
}
