import type { ActionSchema, Platform } from '@stellwerk/contracts';
import { argoCdActions } from './argo-cd/actions.js';
import { argoWorkflowsActions } from './argo-workflows/actions.js';
import { githubActions } from './github/actions.js';
import { gitlabActions } from './gitlab/actions.js';
import { jenkinsActions } from './jenkins/actions.js';
import { n8nActions } from './n8n/actions.js';
import { prefectActions } from './prefect/actions.js';
import { webhookActions } from './webhook/actions.js';

/** What `<connection>/<action>` may name per platform, and the fields of its `with`. */
export const actionCatalog: Readonly<Record<Platform, readonly ActionSchema[]>> = {
  github: githubActions,
  gitlab: gitlabActions,
  jenkins: jenkinsActions,
  webhook: webhookActions,
  prefect: prefectActions,
  'argo-workflows': argoWorkflowsActions,
  'argo-cd': argoCdActions,
  n8n: n8nActions,
};
