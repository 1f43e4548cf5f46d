import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which flows are loaded. */
export type FlowSet = 'one-step' | 'three-steps';

export const SECRETS = { BENCH_HOOK_SECRET: 'a-secret-of-the-bench', BENCH_TOKEN: 'a-token-of-the-bench' } as const;

const connection = (platformUrl: string): string => `apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: github }
spec:
  platform: github
  url: ${platformUrl}
  webhook: { secrets: [{ env: BENCH_HOOK_SECRET }] }
  auth: { token: { env: BENCH_TOKEN } }
  limits: { concurrency: 64, timeout: 12s }
  network: { allow: [127.0.0.0/8] }
  poll: { every: 15s }
`;

const trigger = (repository: string): string => `  on:
    - event: pipelinerun.finished
      from: github
      repository: ${repository}
      pipeline: CI
      branches: [main]
      outcome: success
  report: []`;

const step = (needs: string, awaited: boolean): string => `${needs}
      uses: github/dispatch-workflow
      with: { repository: acme/shop, workflow: deploy.yml, ref: main, inputs: { origin: "\${{ string(event.run.id) }}" } }
      await: ${awaited}
      timeout: 30m`;

const flow = (name: string, repository: string, steps: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
${trigger(repository)}
  steps:
${steps}
`;

const FLOWS: Record<FlowSet, string> = {
  'one-step': flow('deliver', 'acme/shop', `    deploy:${step('', false)}`),
  'three-steps': flow('deliver', 'acme/shop', [
    `    scan:${step('', true)}`,
    `    verify:${step('\n      needs: [scan]', true)}`,
    `    deploy:${step('\n      needs: [verify]', true)}`,
  ].join('\n')),
};

/** Flows that listen to other repositories: they must not slow down the one that is meant. */
const bystanders = (count: number): string =>
  Array.from({ length: count }, (_, n) => flow(`other-${n}`, `acme/other-${n}`, `    deploy:${step('', false)}`)).join('');

/** Writes the config directory; `flows` counts the one that is used too. */
export const writeResources = async (dir: string, options: { platformUrl: string; set: FlowSet; flows: number }): Promise<string> => {
  const folder = join(dir, 'config');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'bench.yaml'), connection(options.platformUrl) + FLOWS[options.set] + bystanders(options.flows - 1));
  return folder;
};
