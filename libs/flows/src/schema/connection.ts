import { PLATFORMS } from '@stellwerk/contracts';
import { z } from 'zod';
import { closed, network, oneOf, resource, secret, secrets, text, timeLimit, whole } from './shapes.js';

export const URL_EXPECTED = 'expected an http:// or https:// URL';
const ID_EXPECTED = 'expected the number of it';

const places = (what: string) => z.array(text(), { error: `expected a list of ${what}` });

const webhook = closed({
  secrets: secrets.default([]).meta({ description: 'Signing secrets; any one may verify, so that they can be rotated' }),
  tokens: secrets.default([]).meta({ description: 'gitlab: X-Gitlab-Token values; jenkins: ?token= of the notification plugin; prefect, argo-*, n8n: Authorization: Bearer' }),
  repositories: places('repositories').optional().meta({ description: 'Repositories or projects whose webhooks lead here, beside those that flows name' }),
  organizations: places('organizations').optional().meta({ description: 'Organizations or groups whose webhooks lead here' }),
}, 'expected { secrets: […] } or { tokens: […] }');

const id = z.union([z.string().regex(/^\d+$/, { error: ID_EXPECTED }), z.int()], { error: ID_EXPECTED }).transform(String);

const HEADER_EXPECTED = 'expected the name of a request header';

const webhookNode = closed({
  token: secret.meta({ description: 'Value of the header, password of the user, or passphrase of the JWT' }),
  user: text().optional().meta({ description: 'Basic auth' }),
  header: text(HEADER_EXPECTED).regex(/^[A-Za-z0-9-]+$/, { error: HEADER_EXPECTED }).optional().meta({ description: 'Header auth; absent: Authorization: Bearer' }),
  jwt: oneOf(['HS256', 'HS384', 'HS512']).optional().meta({ description: 'JWT auth: the algorithm' }),
}, 'expected { token: … } with user, header or jwt');

const auth = closed({
  token: secret.optional(),
  user: text().optional(),
  app: closed({ id, installation: id, privateKey: secret }, 'expected { id, installation, privateKey }').optional(),
  webhook: webhookNode.optional().meta({ description: 'n8n: what the Webhook node asks for; auth.token is the key of the public API' }),
}, 'expected { token: … }');

const jobs = z.array(text(), { error: 'expected a list of jobs' });

const spec = closed({
  platform: oneOf(PLATFORMS),
  url: text(URL_EXPECTED).optional().meta({ description: 'github, prefect: the API root; gitlab, jenkins, argo-*, n8n: the root of the instance; webhook: the receiver' }),
  webhook: webhook.optional(),
  auth: auth.optional(),
  limits: closed({
    concurrency: whole(1, 1000).default(10).meta({ description: 'Calls in flight' }),
    timeout: timeLimit.prefault('12s').meta({ description: "A call's time" }),
  }, 'expected { concurrency, timeout }').prefault({}),
  network: network.default({ allow: [] }),
  poll: closed({
    every: timeLimit.prefault('15s').meta({ description: 'How often the runs that we started, and named jobs, are looked up' }),
    jobs: jobs.optional(),
  }, 'expected { every: … }').prefault({}),
  jobs: jobs.optional().meta({ description: 'jenkins: jobs whose builds are found by polling, also those that no hook tells and we did not start; a folder or multibranch job stands for all below it' }),
}, 'expected a map of settings');

export const connection = resource('Connection', spec, 'A platform we hear from and act on');
