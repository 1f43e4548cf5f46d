import type { HookSender } from '../kit/hooks.js';
import type { OutcomeBook } from '../kit/outcomes.js';
import type { Store } from '../kit/store.js';
import type { GithubApp } from './app.js';
import type { GithubCatalog } from './catalog.js';
import type { ViewContext } from './run-view.js';
import type { GithubRuns } from './runs.js';
import type { Webhook, Webhooks } from './webhooks.js';

/** What the routes of GitHub work with. */
export interface GithubService {
  catalog: GithubCatalog;
  runs: GithubRuns;
  store: Store;
  /** What is sent, and was. */
  hooks: HookSender;
  webhooks: Webhooks;
  /** Tries a webhook. */
  ping: (webhook: Webhook) => void;
  outcomes: OutcomeBook;
  /** Whom the token belongs to. */
  login: string;
  app?: GithubApp;
  /** Whether a dispatch can name the run it started. */
  runDetails: boolean;
  listLagMilliseconds: number;
  view: ViewContext;
  root: () => string;
  defaultBranch: (repository: string) => string;
  /** The commit that the default branch is at. */
  headOf: (repository: string) => string;
  /** Sends any event as a signed webhook, `repository` and `sender` added. */
  sendEvent: (event: string, repository: string, payload: Record<string, unknown>) => void;
}
