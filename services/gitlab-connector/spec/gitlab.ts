import { join } from 'node:path';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import type { ActionCall, ConnectorAction } from '@stellwerk/connector-kit';
import { startGitlabSimulator, type GitlabProject, type RunningSimulator } from '@stellwerk/simulators';
import { tempDir, waitFor } from '@stellwerk/testing';
import { GitlabAdapter } from '../src/gitlab.adapter.js';
import { UnseenJobs } from '../src/jobs/unseen-jobs.js';

export const PROJECT = 'acme/group/shop';

/** A pipeline as the simulator shows it. */
export interface Shown {
  id: number;
  sha: string;
  status: string;
}

/** A simulated GitLab and one action of the connector, over real HTTP. */
export const startGitlab = async (name: string, more: Partial<GitlabProject> = {}, hookUrl?: string) => {
  const home = await tempDir('gitlab');
  const gitlab: RunningSimulator = await startGitlabSimulator({
    journalFile: join(home.path, 'journal.jsonl'), token: 'access', runMilliseconds: 60, hookUrl, projects: [{ id: 7, path: PROJECT, ...more }],
  });
  const adapter = new GitlabAdapter(new UnseenJobs());
  const action: ConnectorAction = adapter.actions.find((one) => one.name === name)!;
  const call = (values: Record<string, unknown>, options: Partial<CallOptions> = {}): ActionCall =>
    actionCall(adapter, { url: gitlab.url, action: name, token: 'access', with: { project: PROJECT, ...values }, ...options });
  const status = (id: number): string | undefined => (gitlab.runs() as Shown[]).find((run) => run.id === id)?.status;
  const reaches = (id: number, wanted: string) => waitFor(() => status(id) === wanted, { what: `pipeline ${id} ${wanted}` });
  const ended = async (wanted: string): Promise<Shown> => {
    const pipeline = gitlab.push({ project: PROJECT, status: wanted, milliseconds: 1 }) as Shown;
    await reaches(pipeline.id, wanted);
    return pipeline;
  };
  const posts = async () => (await gitlab.journal()).filter(({ kind, method }) => kind === 'request' && method === 'POST');
  const close = async (): Promise<void> => {
    await gitlab.close();
    await home.remove();
  };
  return { gitlab, action, call, status, reaches, ended, posts, close };
};
