import { jsonBody } from '../kit/exchange.js';
import type { Answer, Exchange } from '../kit/types.js';
import { missing, notFound, paged } from './answers.js';
import type { GitlabProject } from './project.js';
import type { GitlabService } from './service.js';
import { SWITCHES, type GitlabWebhook } from './webhooks.js';

/** As GitLab 19 shows it: of secrets only whether they are there. https://docs.gitlab.com/api/project_webhooks/ */
const view = (service: GitlabService, webhook: GitlabWebhook): Record<string, unknown> => ({
  id: webhook.id,
  project_id: webhook.projectId,
  url: webhook.url,
  created_at: webhook.createdAt,
  enable_ssl_verification: webhook.sslVerification,
  alert_status: 'executable',
  disabled_until: null,
  token_present: webhook.token !== undefined,
  ...(service.knowsSigningTokens ? { signing_token_present: webhook.signingToken !== undefined } : {}),
  ...Object.fromEntries(SWITCHES.map((name) => [name, webhook.on.includes(name)])),
});

export const listWebhooks = (service: GitlabService, project: GitlabProject, exchange: Exchange): Answer =>
  paged(service.webhooks.list(project.id), exchange, service.root(), (webhook) => view(service, webhook));

export const createWebhook = (service: GitlabService, project: GitlabProject, exchange: Exchange): Answer => {
  const body = jsonBody(exchange) ?? {};
  if (typeof body['url'] !== 'string') return missing('url');
  return { status: 201, body: view(service, service.webhooks.create(project.id, { ...settingsIn(service, body), url: body['url'] })) };
};

export const changeWebhook = (service: GitlabService, project: GitlabProject, id: string | undefined, exchange: Exchange): Answer => {
  const webhook = service.webhooks.find(project.id, id);
  if (!webhook) return notFound();
  const body = jsonBody(exchange) ?? {};
  const { on, ...settings } = settingsIn(service, body, webhook.on);
  return { status: 200, body: view(service, service.webhooks.put({ ...webhook, ...settings, on: on ?? webhook.on })) };
};

export const deleteWebhook = (service: GitlabService, project: GitlabProject, id: string | undefined): Answer => {
  const webhook = service.webhooks.find(project.id, id);
  if (!webhook) return notFound();
  service.webhooks.delete(webhook);
  return { status: 204 };
};

/** What is not said stays; an older server leaves a signing token aside without a word. */
const settingsIn = (service: GitlabService, body: Record<string, unknown>, before: string[] = ['push_events']): Partial<GitlabWebhook> => {
  const { url, token, signing_token: signingToken, enable_ssl_verification: ssl } = body;
  return {
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof token === 'string' ? { token: token || undefined } : {}),
    ...(typeof signingToken === 'string' && service.knowsSigningTokens ? { signingToken: signingToken || undefined } : {}),
    ...(typeof ssl === 'boolean' ? { sslVerification: ssl } : {}),
    on: SWITCHES.filter((name) => (typeof body[name] === 'boolean' ? body[name] : before.includes(name))),
  };
};
