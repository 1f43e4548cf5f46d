import { beforeAll, describe, expect, it } from 'vitest';
import { startGitlabSimulator } from './gitlab/gitlab.simulator.js';
import { startJenkinsSimulator } from './jenkins/jenkins.simulator.js';
import { freshJournal } from './spec/hook-receiver.js';
import { asPythonUser, installPythonClients } from './spec/python-users.js';

beforeAll(installPythonClients, 180_000);

interface SeenOfGitlab {
  created: { id: number };
  long: number;
}

describe('users of Python clients find in the simulators what the platforms show', () => {
  it('GitLab by python-gitlab: pipelines with variables, lists, statuses, cancelling, a wrong token', async () => {
    const gitlab = await startGitlabSimulator({ journalFile: freshJournal(), token: 'good', runMilliseconds: 3_000, projects: [{ id: 42, path: 'acme/group/shop' }] });
    const seen = await asPythonUser<SeenOfGitlab>('gitlab_user.py', gitlab.url, 'acme/group/shop').finally(() => gitlab.close());
    expect(seen).toEqual({
      created: { id: seen.created.id, ref: 'main', source: 'api' }, variables: [['SHA', 'a b&c=ü']], listed: [seen.created.id, seen.long].sort((a, b) => a - b),
      status: { name: 'stellwerk/release', status: 'success' }, cancelled: 'canceled', long: seen.long, refused: 401,
    });
  });

  it('Jenkins by python-jenkins: builds with parameters, the queue, stopping, a wrong password', async () => {
    const jenkins = await startJenkinsSimulator({
      journalFile: freshJournal(), user: 'robot', token: 'api-token', password: 'pass', runMilliseconds: 3_000, jobs: { 'shop/e2e': { parameters: ['SHA', 'STELLWERK_ID'] } },
    });
    expect(await asPythonUser('jenkins_user.py', jenkins.url, 'shop/e2e').finally(() => jenkins.close())).toEqual({
      result: 'SUCCESS', queue: true, parameters: { SHA: 'a b&c=ü', STELLWERK_ID: 'run:e2e:run:1' }, stopped: 'ABORTED',
      refused: expect.stringMatching(/401|403|auth/i),
    });
  });
});
