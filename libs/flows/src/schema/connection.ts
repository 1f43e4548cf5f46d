import { PLATFORMS } from '@stellwerk/contracts';
import { z } from 'zod';
import { closed, network, oneOf, resource, said, secret, secrets, text, timeLimit, whole } from './shapes.js';

export const URL_EXPECTED = 'expected an http:// or https:// URL';
const ID_EXPECTED = 'expected the number of it';

const places = (what: string) => z.array(text(), { error: `expected a list of ${what}` });

const webhook = closed({
  secrets: secrets.default([]).meta(said('Signing secrets; any one may verify, so that they can be rotated', [{ env: 'GITHUB_HOOK_SECRET' }])),
  tokens: secrets.default([]).meta(said('gitlab: X-Gitlab-Token values; jenkins: ?token= of the notification plugin; prefect, argo-*, n8n: Authorization: Bearer', [{ env: 'GITLAB_HOOK_TOKEN' }])),
  repositories: places('repositories').optional().meta(said('Repositories or projects whose webhooks lead here, beside those that flows name', ['acme/shop'])),
  organizations: places('organizations').optional().meta(said('Organizations or groups whose webhooks lead here', ['acme'])),
}, 'expected { secrets: […] } or { tokens: […] }');

const id = z.union([z.string().regex(/^\d+$/, { error: ID_EXPECTED }), z.int()], { error: ID_EXPECTED }).transform(String);

const HEADER_EXPECTED = 'expected the name of a request header';

const webhookNode = closed({
  token: secret.meta(said('Value of the header, password of the user, or passphrase of the JWT', { env: 'N8N_WEBHOOK_SECRET' })),
  user: text().optional().meta(said('Basic auth: the user', 'stellwerk')),
  header: text(HEADER_EXPECTED).regex(/^[A-Za-z0-9-]+$/, { error: HEADER_EXPECTED }).optional().meta(said('Header auth; absent: Authorization: Bearer', 'X-Hook-Key')),
  jwt: oneOf(['HS256', 'HS384', 'HS512']).optional().meta(said('JWT auth: the algorithm', 'HS256')),
}, 'expected { token: … } with user, header or jwt');

const auth = closed({
  token: secret.optional().meta(said('What calls are made with: an access token, API key or password', { env: 'GITHUB_TOKEN' })),
  user: text().optional().meta(said('jenkins, prefect: the user that the token belongs to', 'stellwerk')),
  app: closed({
    id: id.meta(said('Id of the App', 123)),
    installation: id.meta(said('Id of its installation', 456)),
    privateKey: secret.meta(said('Its private key, PEM', { file: '/run/secrets/app.pem' })),
  }, 'expected { id, installation, privateKey }').optional().meta(said('github: an App instead of a token')),
  webhook: webhookNode.optional().meta(said('n8n: what the Webhook node asks for; auth.token is the key of the public API')),
}, 'expected { token: … }');

const jobs = z.array(text(), { error: 'expected a list of jobs' });

const spec = closed({
  platform: oneOf(PLATFORMS).meta(said('Which platform it is; webhook is anything with signed JSON', 'github')),
  url: text(URL_EXPECTED).optional().meta(said('github, prefect: the API root; gitlab, jenkins, argo-*, n8n: the root of the instance; webhook: the receiver', 'https://api.github.com')),
  webhook: webhook.optional().meta(said('Who may send hooks; without a secret or token none are taken', { secrets: [{ env: 'GITHUB_HOOK_SECRET' }] })),
  auth: auth.optional().meta(said('What calls are made with', { token: { env: 'GITHUB_TOKEN' } })),
  limits: closed({
    concurrency: whole(1, 1000).default(10).meta(said('Calls in flight', 20)),
    timeout: timeLimit.prefault('12s').meta(said("A call's time", '20s')),
  }, 'expected { concurrency, timeout }').prefault({}).meta(said('How much is asked of the platform')),
  network: network.default({ allow: [] }).meta(said('Where calls may go')),
  poll: closed({
    every: timeLimit.prefault('15s').meta(said('How often the runs that we started, and named jobs, are looked up', '30s')),
    jobs: jobs.optional().meta(said('As `jobs` beside it', ['shop/e2e'])),
  }, 'expected { every: … }').prefault({}).meta(said('Looking up what no hook told')),
  jobs: jobs.optional().meta(said('jenkins: jobs whose builds are found by polling, also those that no hook tells and we did not start; a folder or multibranch job stands for all below it', ['shop', 'infra/deploy'])),
}, 'expected a map of settings');

export const connection = resource('Connection', spec, 'A platform we hear from and act on');
