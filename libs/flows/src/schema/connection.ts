import { PLATFORMS } from '@stellwerk/contracts';
import { z } from 'zod';
import { closed, network, oneOf, resource, secret, secrets, text, timeLimit, whole } from './shapes.js';

export const URL_EXPECTED = 'expected an http:// or https:// URL';
const ID_EXPECTED = 'expected the number of it';

const places = (what: string) => z.array(text(), { error: `expected a list of ${what}` });

const webhook = closed({
  secrets: secrets.default([]).meta({ description: 'Signing secrets; any one may verify, so that they can be rotated' }),
  tokens: secrets.default([]).meta({ description: 'gitlab: X-Gitlab-Token values; jenkins: ?token= of the notification plugin' }),
  repositories: places('repositories').optional().meta({ description: 'Repositories or projects whose webhooks lead here, beside those that flows name' }),
  organizations: places('organizations').optional().meta({ description: 'Organizations or groups whose webhooks lead here' }),
}, 'expected { secrets: […] } or { tokens: […] }');

const id = z.union([z.string().regex(/^\d+$/, { error: ID_EXPECTED }), z.int()], { error: ID_EXPECTED }).transform(String);

const auth = closed({
  token: secret.optional(),
  user: text().optional(),
  app: closed({ id, installation: id, privateKey: secret }, 'expected { id, installation, privateKey }').optional(),
}, 'expected { token: … }');

const jobs = z.array(text(), { error: 'expected a list of jobs' });

const spec = closed({
  platform: oneOf(PLATFORMS),
  url: text(URL_EXPECTED).optional().meta({ description: 'github: the API root; gitlab, jenkins: the root of the instance' }),
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
