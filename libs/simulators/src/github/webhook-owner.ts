import type { Parameters, Route } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound } from './answers.js';
import type { GithubService } from './service.js';
import type { Webhook } from './webhooks.js';

/** What may have webhooks, as paths begin. */
export const OWNERS = ['/repos/:owner/:repo', '/orgs/:org'];

/** Whose webhooks a path speaks of; undefined: there is no such repository or organization. */
export const ownerIn = (service: GithubService, { owner, repo, org }: Parameters): string | undefined => {
  if (org !== undefined) return Object.keys(service.catalog).some((name) => name.startsWith(`${org}/`)) ? org : undefined;
  return service.catalog[`${owner}/${repo}`] ? `${owner}/${repo}` : undefined;
};

/** Handles a path that names one webhook, `:hook`; 404 when there is none. */
export const onWebhook = (service: GithubService, handle: (webhook: Webhook, exchange: Exchange, parameters: Parameters) => Answer): Route['handle'] =>
  (exchange, parameters) => {
    const owner = ownerIn(service, parameters);
    const webhook = owner === undefined ? undefined : service.webhooks.find(owner, Number(parameters['hook']));
    return webhook ? handle(webhook, exchange, parameters) : notFound();
  };
