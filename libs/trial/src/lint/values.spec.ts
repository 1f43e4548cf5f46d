import { formatFault } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { givenFiles } from '../files/given-files.js';

const CONNECTIONS = `kind: Connection
metadata: { name: github }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
---
kind: Connection
metadata: { name: gitlab }
spec: { platform: gitlab, url: "https://gitlab.com", auth: { token: { env: T } } }
---
kind: Connection
metadata: { name: jenkins }
spec: { platform: jenkins, url: "https://ci.example.com", auth: { user: u, token: { env: T } } }
---
kind: Connection
metadata: { name: argo }
spec: { platform: argo-workflows, url: "https://argo.example.com", auth: { token: { env: T } } }
---
kind: Connection
metadata: { name: hooks }
spec: { platform: webhook, url: "https://hooks.example.com", network: { allow: [10.1.0.0/16] } }
`;

/** What lint says of the step that begins in column 9 of line 6. */
const said = (uses: string, fields: string, event = 'commit.pushed'): string[] => {
  const flow = `kind: Flow\nmetadata: { name: f }\nspec:\n  on: { event: ${event} }\n  steps:\n    s: { uses: ${uses}, with: ${fields} }\n`;
  const { faults } = givenFiles([{ path: 'connections.yaml', text: CONNECTIONS }, { path: 'flow.yaml', text: flow }]);
  return faults.map((fault) => formatFault(fault));
};

const at = (uses: string, fields: string, value: string, message: string) => {
  const column = `    s: { uses: ${uses}, with: ${fields}`.indexOf(value) + 1;
  return `flow.yaml:6:${column}: warning: ${message}`;
};

const GITHUB = 'github/dispatch-workflow';

describe('values of fields that can never be right', () => {
  it.each([
    [GITHUB, '{ repository: "https://github.com/acme/shop.git", workflow: a.yml, ref: main }', '"https', '"https://github.com/acme/shop.git" is no repository: expected "acme/shop"'],
    [GITHUB, '{ repository: shop, workflow: a.yml, ref: main }', 'shop,', '"shop" is no repository: expected owner/name'],
    [GITHUB, '{ repository: acme/shop, workflow: .github/workflows/a.yml, ref: main }', '.github', '".github/workflows/a.yml" is no file of a workflow: expected "a.yml"'],
    [GITHUB, '{ repository: acme/shop, workflow: Deploy it, ref: main }', 'Deploy', '"Deploy it" is no file of a workflow: expected its file name, such as deploy.yml, or its id'],
    [GITHUB, '{ repository: acme/shop, workflow: a.yml, ref: "" }', '"" }', 'an empty text is as good as none: expected Branch or tag to run on'],
    ['github/set-status', '{ repository: acme/shop, sha: abc1234, state: success }', 'abc1234', '"abc1234" is no full commit id: expected its 40 characters, such as ${{ event.sha }}'],
    ['gitlab/trigger-pipeline', '{ project: "https://gitlab.com/acme/team/shop/-/pipelines", ref: main }', '"https', '"https://gitlab.com/acme/team/shop/-/pipelines" is no project: expected "acme/team/shop"'],
    ['gitlab/trigger-pipeline', '{ project: shop, ref: main }', 'shop,', '"shop" is no project: expected group/project, or its numeric id'],
    ['gitlab/comment', '{ project: acme/shop, change: 1, issue: 2, body: x }', 'issue', 'comment takes exactly one of change, issue, sha, and "change" is there already'],
    ['gitlab/comment', '{ project: acme/shop, body: x }', 'with', 'comment takes exactly one of change, issue, sha, and none is there'],
    ['argo/submit', '{ namespace: a, template: b, cron: c }', 'cron', 'submit takes exactly one of template, cluster-template, cron, and "template" is there already'],
    ['jenkins/start-build', '{ job: "https://ci.example.com/jenkins/job/shop/job/e2e/" }', '"https', '"https://ci.example.com/jenkins/job/shop/job/e2e/" is an address: expected the path of the job, "shop/e2e"'],
    ['jenkins/start-build', '{ job: job/shop/job/e2e }', 'job/shop', '"job/shop/job/e2e" is a part of an address: expected the path of the job, "shop/e2e"'],
    ['jenkins/start-build', '{ job: ../shop }', '../shop', '"../shop" is no job: expected its path, folder/job'],
    ['hooks/send', '{ url: receiver.example.com/x }', 'receiver', 'expected an absolute http:// or https:// URL'],
    ['hooks/send', '{ url: "http://127.0.0.1:9/x" }', '"http', 'the call is refused: 127.0.0.1 is no public address: expected its range in network.allow, such as 127.0.0.1/32'],
    ['hooks/send', '{ path: "https://receiver.example.com/x" }', '"https', 'a whole address stands in "url": expected what comes behind the url of the connection'],
  ])('%s with %s', (uses, fields, value, message) => {
    expect(said(uses, fields)).toEqual([at(uses, fields, value, message)]);
  });

  it.each([
    [GITHUB, '{ repository: acme/.github, workflow: 123, ref: refs/heads/main }'.replace('123', '"123"')],
    [GITHUB, '{ repository: "${{ event.repository }}", workflow: "${{ event.branch }}.yml", ref: v1.2 }'],
    [GITHUB, '{ repository: Acme-1/shop_2.x, workflow: Deploy it.YAML, ref: main }'],
    ['github/set-status', `{ repository: a/b, sha: ${'a'.repeat(64)}, state: success, description: "" }`],
    ['gitlab/trigger-pipeline', '{ project: "42", ref: main }'],
    ['gitlab/comment', '{ project: a/b/c/d, sha: "${{ event.sha }}", body: x }'],
    ['argo/submit', '{ namespace: a, cluster-template: b }'],
    ['jenkins/start-build', '{ job: /shop/e2e/ }'],
    ['jenkins/start-build', '{ job: job/shop }'],
    ['jenkins/start-build', '{ job: folder/job/shop }'],
    ['hooks/send', '{ url: "http://10.1.2.3/x" }'],
    ['hooks/send', '{ path: "?x=https://a.example.com", url: "https://${{ event.actor }}.example.com" }'],
  ])('%s with %s is fine', (uses, fields) => {
    expect(said(uses, fields)).toEqual([]);
  });
});

const NO_ID = 'without "pipeline" it is an id: expected a whole number above 0, got';

describe('numbers and ids that a connector refuses', () => {
  it.each([
    ['jenkins/stop-build', '{ job: a, number: 0 }', 'expected a whole number above 0, got the number 0'],
    ['jenkins/stop-build', '{ job: a, number: -3 }', 'expected a whole number above 0, got the number -3'],
    ['gitlab/retry', '{ project: a/b, pipeline: 1.5 }', 'expected a whole number above 0, got the number 1.5'],
    ['gitlab/play-job', '{ project: a/b, job: deploy }', `${NO_ID} the text "deploy"`],
    ['gitlab/play-job', '{ project: a/b, job: 0 }', `${NO_ID} the number 0`],
    ['gitlab/play-job', '{ project: a/b, job: [1] }', `${NO_ID} a list`],
  ])('%s with %s', (uses, fields, message) => {
    expect(said(uses, fields, 'pipelinerun.finished').map((line) => line.replace(/^flow\.yaml:6:\d+: /, ''))).toEqual([message]);
  });

  it.each([
    ['jenkins/stop-build', '{ job: a, number: 1 }'],
    ['jenkins/stop-build', '{ job: a, number: "${{ event.run.number }}" }'],
    ['gitlab/play-job', '{ project: a/b, job: 42 }'],
    ['gitlab/play-job', '{ project: a/b, job: "42" }'],
    ['gitlab/play-job', '{ project: a/b, job: "${{ event.run.id }}" }'],
    ['gitlab/play-job', '{ project: a/b, job: deploy, pipeline: 7 }'],
    ['gitlab/play-job', '{ project: a/b, job: deploy, pipeline: "${{ event.run.id }}" }'],
  ])('%s with %s is fine', (uses, fields) => {
    expect(said(uses, fields, 'pipelinerun.finished')).toEqual([]);
  });
});
