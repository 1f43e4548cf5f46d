import { formatFault } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { givenFiles } from '../files/given-files.js';

const CONNECTIONS = `kind: Connection
metadata: { name: gitlab }
spec: { platform: gitlab, url: "https://gitlab.com", auth: { token: { env: T } } }
---
kind: Connection
metadata: { name: jenkins }
spec: { platform: jenkins, url: "https://ci.example.com", auth: { user: u, token: { env: T } } }
`;

/** What lint says of a step, without the place. */
const said = (uses: string, fields: string): string[] => {
  const flow = `kind: Flow\nmetadata: { name: f }\nspec:\n  on: { event: pipelinerun.finished }\n  steps:\n    s: { uses: ${uses}, with: ${fields} }\n`;
  const { faults } = givenFiles([{ path: 'connections.yaml', text: CONNECTIONS }, { path: 'flow.yaml', text: flow }]);
  return faults.map((fault) => formatFault(fault).replace(/^flow\.yaml:6:\d+: /, ''));
};

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
    expect(said(uses, fields)).toEqual([message]);
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
    expect(said(uses, fields)).toEqual([]);
  });
});
