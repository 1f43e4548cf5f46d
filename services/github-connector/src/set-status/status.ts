import { Fields } from '@stellwerk/connector-kit';
import { repositoryPath } from '../github.client.js';

/** What is to be said of a commit. */
export interface Status {
  repository: string;
  sha: string;
  state: string;
  context?: string;
  description?: string;
  targetUrl?: string;
}

/** @throws PermanentError */
export const readStatus = (values: Record<string, unknown>): Status => {
  const fields = new Fields('set-status', values);
  const repository = fields.text('repository');
  repositoryPath(repository);
  return {
    repository, sha: fields.text('sha'), state: fields.text('state'), context: fields.textOf('context'), description: fields.textOf('description'), targetUrl: fields.textOf('target_url'),
  };
};
