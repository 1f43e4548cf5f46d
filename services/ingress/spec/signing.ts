import { createHmac, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

export const SECRETS = {
  github: 'a secret of github',
  githubOld: 'the secret of last year',
  gitlab: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  gitlabToken: 'a token of gitlab',
  jenkins: `whsec_${Buffer.alloc(32, 8).toString('base64')}`,
  jenkinsToken: 'a-token-of-jenkins',
  webhook: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
  bearer: 'a-token-of-those-who-cannot-sign',
};

export interface Sent {
  path: string;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** A delivery as GitHub makes it. */
export const fromGithub = (event: string, body: unknown, options: { secret?: string; delivery?: string } = {}): Sent => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    path: '/hooks/github',
    body: text,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': options.delivery ?? randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', options.secret ?? SECRETS.github).update(text).digest('hex')}`,
    },
  };
};

/** A delivery signed by Standard Webhooks. */
export const standardSigned = (path: string, body: unknown, secret: string, at = new Date()): Sent => {
  const text = JSON.stringify(body);
  const id = `msg_${randomUUID()}`;
  return {
    path,
    body: text,
    headers: {
      'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, at, text),
    },
  };
};

export const workflowRun = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  action: 'completed',
  workflow_run: {
    id: 18_003_214, run_attempt: 1, run_number: 163, name: 'CI', path: '.github/workflows/ci.yml', event: 'push', status: 'completed',
    conclusion: 'success', head_branch: 'main', head_sha: '3484a3fb816e0859fd6e1cea078d76385ff50625',
    html_url: 'https://github.com/acme/shop/actions/runs/18003214', created_at: '2026-11-24T08:00:01Z', run_started_at: '2026-11-24T08:00:01Z',
    updated_at: '2026-11-24T08:04:30Z', head_repository: { id: 1, full_name: 'acme/shop' }, ...over,
  },
  repository: { id: 1, full_name: 'acme/shop', html_url: 'https://github.com/acme/shop' },
  sender: { login: 'ada' },
});
