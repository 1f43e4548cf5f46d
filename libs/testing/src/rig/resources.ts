import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { JENKINS_USER } from './platform-catalog.js';
import type { RigPlatform } from './platforms.js';

/** One YAML document of a config directory. */
export interface RigResource {
  kind: 'Connection' | 'Flow' | 'Channel' | 'Environment';
  metadata: { name: string; [key: string]: unknown };
  spec: Record<string, unknown>;
}

const SECRET: Record<RigPlatform, string> = { github: 'GITHUB_HOOK_SECRET', gitlab: 'GITLAB_SIGNING_TOKEN', jenkins: 'JENKINS_HOOK_SECRET' };

/** The connection named like its platform. `limits`, e.g. `{ timeout: '2s' }`. */
export const connectionResource = (platform: RigPlatform, url: string, more: Record<string, unknown> = {}): RigResource => ({
  kind: 'Connection', metadata: { name: platform },
  spec: {
    platform, url, webhook: { secrets: [{ env: SECRET[platform] }] },
    auth: { ...(platform === 'jenkins' ? { user: JENKINS_USER } : {}), token: { env: `${platform.toUpperCase()}_TOKEN` } },
    network: { allow: ['127.0.0.0/8'] }, poll: { every: '2s' }, ...more,
  },
});

/** `on` a green pipeline of `acme/<name>` on GitHub; commit statuses only where a flow asks for them. */
export const flowResource = (name: string, steps: Record<string, unknown>, more: Record<string, unknown> = {}): RigResource => ({
  kind: 'Flow', metadata: { name },
  spec: { on: { event: 'pipelinerun.finished', from: 'github', repository: `acme/${name}`, outcome: 'success' }, report: [], steps, ...more },
});

/** A GitLab pipeline that carries the commit. */
export const scanStep = (more: Record<string, unknown> = {}): Record<string, unknown> =>
  ({ uses: 'gitlab/trigger-pipeline', with: { project: 'acme/scan', ref: 'main', variables: { SHA: '${{ event.sha }}' } }, ...more });

/** A Jenkins build. */
export const testStep = (more: Record<string, unknown> = {}): Record<string, unknown> =>
  ({ uses: 'jenkins/start-build', with: { job: 'shop/e2e', parameters: { SHA: '${{ event.sha }}' } }, ...more });

/** A GitHub workflow. */
export const shipStep = (more: Record<string, unknown> = {}): Record<string, unknown> =>
  ({ uses: 'github/dispatch-workflow', with: { repository: 'acme/ops', workflow: 'ship.yml', ref: 'main', inputs: { version: '${{ event.sha }}' } }, ...more });

/** One flow per way through the system; started by hooks of `acme/<name>`. */
export const RIG_FLOWS: readonly RigResource[] = [
  flowResource('one', { scan: scanStep({ await: false }) }),
  flowResource('scan', { scan: scanStep() }),
  flowResource('build', { e2e: testStep() }),
  flowResource('ship', { ship: shipStep() }),
  // A workflow that declares no input for our id: GitHub refuses the first try, and the run cannot be told by it.
  flowResource('strict', { ship: { ...shipStep(), with: { repository: 'acme/ops', workflow: 'strict.yml', ref: 'main', inputs: { version: '${{ event.sha }}' } } } }),
  flowResource('line', { scan: scanStep(), e2e: testStep({ needs: ['scan'] }), ship: shipStep({ needs: ['e2e'] }) }),
];

/** Writes or replaces one resource, as an editor would: renamed into place. */
export const putResource = (dir: string, resource: RigResource): void => {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${resource.kind.toLowerCase()}-${resource.metadata.name}.yaml`);
  writeFileSync(`${file}.next`, stringify({ apiVersion: 'stellwerk.dev/v1', ...resource }));
  renameSync(`${file}.next`, file);
};
