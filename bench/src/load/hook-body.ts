import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What differs from one webhook to the next. */
export interface HookFields {
  readonly id: number;
  readonly action: 'requested' | 'in_progress' | 'completed';
  /** Default: a push to main that CI has run for. */
  readonly dispatched?: { readonly title: string };
}

/** Size that the figures are given for. */
const BYTES = 10 * 1024;
const REAL = fileURLToPath(new URL('../../../libs/platforms/src/github/golden/workflow-run-completed-success.hook.json', import.meta.url));
const MARKS = ['@action@', '@id@', '@status@', '@conclusion@', '@title@', '@event@', '@file@', '@name@', '@time@'] as const;

type Json = Record<string, any>;

/** A real payload, of another repository, with marks where it differs, cut and filled to ten kilobytes. */
const marked = (): string => {
  const { body } = JSON.parse(readFileSync(REAL, 'utf8')) as { body: Json };
  const repository = { ...body.repository, full_name: 'acme/shop', name: 'shop' };
  const head = { id: repository.id, full_name: 'acme/shop', name: 'shop', fork: false };
  const { head_repository: _head, repository: _repository, pull_requests: _pulls, ...run } = body.workflow_run as Json;
  const whole = {
    action: '@action@',
    workflow_run: {
      ...run, id: '@id@', run_attempt: 1, status: '@status@', conclusion: '@conclusion@', display_title: '@title@', event: '@event@', path: '.github/workflows/@file@', name: '@name@', head_branch: 'main',
      pull_requests: [], head_repository: head, run_started_at: '@time@', created_at: '@time@', updated_at: '@time@', head_commit: { ...run.head_commit, message: '@fill@' },
    },
    workflow: { ...body.workflow, name: '@name@', path: '.github/workflows/@file@' },
    repository, sender: body.sender,
  };
  const text = JSON.stringify(whole).replaceAll('"@id@"', '@id@').replaceAll('"@conclusion@"', '@conclusion@');
  return text.replace('@fill@', 'x'.repeat(Math.max(0, BYTES - text.length - 60)));
};

const PARTS = marked().split(new RegExp(`(${MARKS.join('|')})`));

const valuesOf = ({ id, action, dispatched }: HookFields): Record<string, string> => ({
  '@action@': action, '@id@': String(id),
  '@status@': { requested: 'queued', in_progress: 'in_progress', completed: 'completed' }[action],
  '@conclusion@': action === 'completed' ? '"success"' : 'null',
  '@title@': dispatched?.title ?? 'Improve the shop', '@event@': dispatched ? 'workflow_dispatch' : 'push',
  '@file@': dispatched ? 'deploy.yml' : 'ci.yml', '@name@': dispatched ? 'Deploy' : 'CI', '@time@': new Date().toISOString(),
});

/** A webhook as it goes over the wire, head and body, signed. */
export const hookRequest = (fields: HookFields, { path, host, secret }: { path: string; host: string; secret: string }): Buffer => {
  const values = valuesOf(fields);
  const body = Buffer.from(PARTS.map((part, at) => (at % 2 === 0 ? part : values[part]!)).join(''));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nUser-Agent: GitHub-Hookshot/bench\r\nX-GitHub-Event: workflow_run\r\nX-GitHub-Delivery: ${fields.action}-${fields.id}\r\nX-Hub-Signature-256: sha256=${signature}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
};
