import type { ActionSchema, Platform } from '@stellwerk/contracts';
import { githubActions } from './github/actions.js';
import { gitlabActions } from './gitlab/actions.js';
import { jenkinsActions } from './jenkins/actions.js';
import { webhookActions } from './webhook/actions.js';

/** What `<connection>/<action>` may name per platform, and the fields of its `with`. */
export const actionCatalog: Readonly<Record<Platform, readonly ActionSchema[]>> = {
  github: githubActions,
  gitlab: gitlabActions,
  jenkins: jenkinsActions,
  webhook: webhookActions,
  prefect: [],
  'argo-workflows': [],
  'argo-cd': [],
  n8n: [],
};
