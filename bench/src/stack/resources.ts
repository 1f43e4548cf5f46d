import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which flows are loaded. */
export type FlowSet = 'one-step' | 'three-steps';

export const SECRETS = { BENCH_HOOK_SECRET: 'a-secret-of-the-bench', BENCH_TOKEN: 'a-token-of-the-bench' } as const;

const connection = (name: string, platformUrl: string): string => `apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: ${name} }
spec:
  platform: github
  url: ${platformUrl}
  webhook: { secrets: [{ env: BENCH_HOOK_SECRET }] }
  auth: { token: { env: BENCH_TOKEN } }
  limits: { concurrency: 64, timeout: 12s }
  network: { allow: [127.0.0.0/8] }
  poll: { every: 15s }
`;

const trigger = (repository: string, from: string): string => `  on:
    - event: pipelinerun.finished
      from: ${from}
      repository: ${repository}
      pipeline: CI
      branches: [main]
      outcome: success
  report: []`;

const step = (needs: string, awaited: boolean, on = 'github'): string => `${needs}
      uses: ${on}/dispatch-workflow
      with: { repository: acme/shop, workflow: deploy.yml, ref: main, inputs: { origin: "\${{ string(event.run.id) }}" } }
      await: ${awaited}
      timeout: 30m`;

const flow = (name: string, repository: string, steps: string, from = 'github'): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
${trigger(repository, from)}
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

/** A second connection of the same host with a flow of its own: what becomes of it must not be felt by the first. */
const neighbour = (platformUrl: string): string => `---\n${connection('neighbour', `${platformUrl}/neighbour`)}${flow('stall', 'acme/shop', `    deploy:${step('', false, 'neighbour')}`, 'neighbour')}`;

/** Writes the config directory; `flows` counts the one that is used too, not that of the neighbour. */
export const writeResources = async (dir: string, options: { platformUrl: string; set: FlowSet; flows: number; neighbour: boolean }): Promise<string> => {
  const folder = join(dir, 'config');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'bench.yaml'), [
    connection('github', options.platformUrl), FLOWS[options.set], bystanders(options.flows - 1), options.neighbour ? neighbour(options.platformUrl) : '',
  ].join(''));
  return folder;
};
