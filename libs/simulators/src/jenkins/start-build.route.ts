import type { Answer, Exchange } from '../kit/types.js';
import { html, redirect } from './answers.js';
import { type FoundItem, jobPath } from './job.js';
import type { JenkinsService } from './service.js';

/** `POST <job>/build` and `/buildWithParameters`: 201 with the place in the queue. */
export const startBuild = (service: JenkinsService, item: FoundItem, verb: string, exchange: Exchange): Answer => {
  const page = `${service.root()}/${jobPath(item.name)}/`;
  // On a multibranch job or folder `build` scans for branches.
  if (item.kind !== 'job') return redirect(page);
  if (item.job.disabled) return redirect(page);
  const parametrized = item.job.parameters !== undefined;
  if (verb === 'buildWithParameters' && !parametrized) return html(400, 'This build is not parameterized!');
  if (verb === 'build' && parametrized && !formOf(exchange).has('json')) return html(400, 'Nothing is submitted');
  const parameters = declared(item.job.parameters ?? [], verb === 'build' ? new URLSearchParams() : formOf(exchange));
  const queued = service.builds.schedule({
    job: item.name,
    parameters,
    cause: `Started by user ${service.user.user}`,
    plan: () => service.outcomes.take(item.name, 'SUCCESS'),
    sha: parameters['SHA'],
  });
  return redirect(`${service.root()}/queue/item/${queued.id}/`, 201);
};

/** From the body and from the query, as Jenkins reads them. */
const formOf = (exchange: Exchange): URLSearchParams => {
  const form = new URLSearchParams(exchange.query);
  if (!(exchange.headers['content-type'] ?? '').includes('json'))
    for (const [name, value] of new URLSearchParams(exchange.body.toString('utf8'))) form.append(name, value);
  return form;
};

/** Declared ones only, the empty default for those not given. */
const declared = (names: string[], form: URLSearchParams): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, form.get(name) ?? '']));
