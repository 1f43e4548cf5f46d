import type { ActionCase } from '@stellwerk/connector-kit/conformance';

let next = 0;

/** Effects are counted by what the receiver took, each id once. */
export const sendCase: ActionCase = {
  action: 'send', method: 'POST', path: '/hooks/*',
  async prepare(platform) {
    const path = `/hooks/case-${(next += 1)}`;
    const taken = () => platform.runs().filter((run) => (run as { path: string }).path === path) as { id: string }[];
    return { with: { path, body: { n: next } }, effects: () => taken().length, outputs: async () => ({ work: taken()[0]?.id }) };
  },
  refused: { with: { path: '/strict' }, words: /data\.version is missing/ },
  missing: { path: '/nothing' },
};

/** n8n cannot be asked whether it was called: a person decides. */
export const runWebhookCase: ActionCase = {
  action: 'run-webhook', method: 'POST', path: '/webhook/*', absenceIsNeverSure: true,
  async prepare(platform) {
    const mark = (next += 1);
    const isIts = (run: unknown): boolean => (run as { data: { body?: { mark?: number } } }).data.body?.mark === mark;
    const executions = () => platform.runs().filter(isIts) as { id: string }[];
    return { with: { path: 'deploy', body: { mark } }, effects: () => executions().length, outputs: async () => ({ executionId: executions()[0]?.id }) };
  },
  refused: { with: { path: 'locked' }, words: /Authorization data is wrong/ },
  missing: { path: 'nothing' },
};
