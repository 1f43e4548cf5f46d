import type { Platform } from '@stellwerk/contracts';
import { translateGithub } from './github/translate.js';
import { githubDelivery, githubFingerprint, verifyGithub } from './github/verify.js';
import { translateGitlab } from './gitlab/translate.js';
import { gitlabDelivery, verifyGitlab } from './gitlab/verify.js';
import type { HookPlatform } from './hook-platform.js';
import { translateJenkins } from './jenkins/translate.js';
import { jenkinsDelivery, verifyJenkins } from './jenkins/verify.js';
import { translateWebhook } from './webhook/translate.js';
import { verifyWebhook, webhookDelivery } from './webhook/verify.js';

/** Platforms whose hooks we understand; the others take none. */
export const hookPlatforms: Readonly<Record<Platform, HookPlatform | undefined>> = {
  github: { platform: 'github', verify: verifyGithub, deliveryId: githubDelivery, fingerprint: githubFingerprint, translate: translateGithub },
  gitlab: { platform: 'gitlab', verify: verifyGitlab, deliveryId: gitlabDelivery, translate: translateGitlab },
  jenkins: { platform: 'jenkins', verify: verifyJenkins, deliveryId: jenkinsDelivery, translate: translateJenkins },
  webhook: { platform: 'webhook', verify: verifyWebhook, deliveryId: webhookDelivery, translate: translateWebhook },
  prefect: undefined,
  'argo-workflows': undefined,
  'argo-cd': undefined,
  n8n: undefined,
};
