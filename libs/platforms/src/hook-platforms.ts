import type { Platform } from '@stellwerk/contracts';
import { translateArgoCd } from './argo-cd/translate.js';
import { argoCdDelivery, verifyArgoCd } from './argo-cd/verify.js';
import { translateArgoWorkflows } from './argo-workflows/translate.js';
import { argoWorkflowsDelivery, verifyArgoWorkflows } from './argo-workflows/verify.js';
import { translateGithub } from './github/translate.js';
import { githubDelivery, githubFingerprint, verifyGithub } from './github/verify.js';
import { translateGitlab } from './gitlab/translate.js';
import { gitlabDelivery, verifyGitlab } from './gitlab/verify.js';
import type { HookPlatform } from './hook-platform.js';
import { translateJenkins } from './jenkins/translate.js';
import { jenkinsDelivery, verifyJenkins } from './jenkins/verify.js';
import { translateN8n } from './n8n/translate.js';
import { n8nDelivery, verifyN8n } from './n8n/verify.js';
import { translatePrefect } from './prefect/translate.js';
import { prefectDelivery, verifyPrefect } from './prefect/verify.js';
import { translateWebhook } from './webhook/translate.js';
import { verifyWebhook, webhookDelivery } from './webhook/verify.js';

/** Every platform's hooks. */
export const hookPlatforms: Readonly<Record<Platform, HookPlatform | undefined>> = {
  github: { platform: 'github', verify: verifyGithub, deliveryId: githubDelivery, fingerprint: githubFingerprint, translate: translateGithub },
  gitlab: { platform: 'gitlab', verify: verifyGitlab, deliveryId: gitlabDelivery, translate: translateGitlab },
  jenkins: { platform: 'jenkins', verify: verifyJenkins, deliveryId: jenkinsDelivery, translate: translateJenkins },
  webhook: { platform: 'webhook', verify: verifyWebhook, deliveryId: webhookDelivery, translate: translateWebhook },
  prefect: { platform: 'prefect', verify: verifyPrefect, deliveryId: prefectDelivery, translate: translatePrefect },
  'argo-workflows': { platform: 'argo-workflows', verify: verifyArgoWorkflows, deliveryId: argoWorkflowsDelivery, translate: translateArgoWorkflows },
  'argo-cd': { platform: 'argo-cd', verify: verifyArgoCd, deliveryId: argoCdDelivery, translate: translateArgoCd },
  n8n: { platform: 'n8n', verify: verifyN8n, deliveryId: n8nDelivery, translate: translateN8n },
};
