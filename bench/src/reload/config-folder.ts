import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a team writes: three systems, one after the other, expressions in each, a rollback and people who hear of it. */
export const flow = (at: number, branch = 'main'): string => `apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: release-${at}, labels: { team: team-${at % 40} } }
spec:
  description: Build on GitHub, scan on GitLab, test on Jenkins, deploy.
  on:
    - event: pipelinerun.finished
      from: github
      repository: acme/shop-${at}
      pipeline: CI
      branches: [${branch}, "release/**"]
      outcome: success
      if: event.?actor.orValue("") != "dependabot[bot]"
  concurrency: { group: "\${{ event.repository }}@\${{ event.?branch.orValue('') }}", limit: 1, when-full: queue }
  timeout: 2h
  env: { version: "\${{ event.?tag.orValue(event.sha) }}", service: shop-${at} }
  steps:
    scan:
      uses: gitlab/trigger-pipeline
      with: { project: acme/shop-scan, ref: "\${{ event.branch }}", inputs: { sha: "\${{ event.sha }}" } }
      timeout: 30m
      retry: { attempts: 3, on: [failure, timeout, error], backoff: 10s, factor: 2, max: 5m }
    e2e:
      needs: [scan]
      uses: jenkins/start-build
      with: { job: shop/e2e, parameters: { SHA: "\${{ event.sha }}" } }
    deploy:
      needs: [e2e]
      if: event.branch == "main"
      environment: production
      uses: github/dispatch-workflow
      with: { repository: acme/shop-${at}, workflow: deploy.yml, ref: main, inputs: { version: "\${{ env.version }}" } }
      rollback:
        uses: github/dispatch-workflow
        with: { repository: acme/shop-${at}, workflow: deploy.yml, ref: main, inputs: { version: "\${{ environment.lastGood.env.version }}" } }
    smoke:
      needs: [deploy]
      uses: jenkins/start-build
      with: { job: shop/smoke }
  on-failure: rollback
  report: [github]
  notify:
    - channel: releases
      on: [failed, recovered, rolled-back]
`;

export const shared = (branches = 'main'): string => `kind: Connection
metadata: { name: github }
spec: { platform: github, url: "https://api.github.com" }
---
kind: Connection
metadata: { name: gitlab }
spec: { platform: gitlab, url: "https://gitlab.com" }
---
kind: Connection
metadata: { name: jenkins }
spec: { platform: jenkins, url: "https://ci.acme.test" }
---
kind: Environment
metadata: { name: production }
spec: { branches: ${branches} }
---
kind: Channel
metadata: { name: releases }
spec: { type: slack, url: { env: SLACK_URL } }
`;

/** Forty folders, one flow a file; or all flows in one file. */
export const writeFolder = (directory: string, flows: number, files: 'many' | 'one'): void => {
  writeFileSync(join(directory, 'shared.yaml'), shared());
  if (files === 'one') return writeFileSync(join(directory, 'flows.yaml'), Array.from({ length: flows }, (_, at) => flow(at)).join('---\n'));
  for (let at = 0; at < flows; at += 1) {
    mkdirSync(join(directory, `team-${at % 40}`), { recursive: true });
    writeFileSync(join(directory, `team-${at % 40}`, `flow-${at}.yaml`), flow(at));
  }
};
