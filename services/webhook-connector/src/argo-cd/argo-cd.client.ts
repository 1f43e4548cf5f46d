import { Refused, type Connection, type ConnectionCalls, type StartedRun } from '@stellwerk/connector-kit';
import { applicationOf, argoCdApplication, type ArgoCdApplication } from '@stellwerk/platforms';
import { readJson } from '../answers.js';

export const WHO = 'Argo CD';

/** How an application is named: the namespace only where it is not Argo CD's own. */
export interface ApplicationName {
  name: string;
  namespace?: string;
  project?: string;
}

/** `namespace/name`, as the repository of a run names it. */
export const nameIn = (repository: string): ApplicationName => {
  const [first = '', second] = repository.split('/');
  return second === undefined ? { name: first } : { namespace: first, name: second };
};

export const applicationPath = ({ name, namespace, project }: ApplicationName, below = ''): string => {
  const query = new URLSearchParams({ ...(namespace !== undefined && { appNamespace: namespace }), ...(project !== undefined && { project }) });
  return `/api/v1/applications/${encodeURIComponent(name)}${below}${query.size > 0 ? `?${query.toString()}` : ''}`;
};

/** @throws Refused where there is none of that name, which Argo CD may call forbidden */
export const readApplication = async (calls: ConnectionCalls, named: ApplicationName): Promise<ArgoCdApplication> => {
  const application = argoCdApplication(await readJson(calls, applicationPath(named), { who: WHO }));
  if (!application) throw new Refused(404, `Argo CD has no application ${named.name}`);
  return application;
};

/** Undefined when the answer names no application. */
export const startedRun = ({ url }: Connection, application: ArgoCdApplication, id: string): StartedRun | undefined => {
  const repository = applicationOf(application);
  return repository === undefined ? undefined : { id, attempt: 1, url: `${url}/applications/${repository}`, repository, pipeline: application.metadata?.name };
};
