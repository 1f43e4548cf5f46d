import { causeAction, leaf, parametersAction } from './views.js';
import type { QueueItem } from './build.js';
import { jobPath } from './job.js';

/** A queue item; `executable` once it became a build. */
export const queueView = (root: string, item: QueueItem): Record<string, unknown> => {
  const left = item.build !== undefined || item.cancelled;
  const executable =
    item.build === undefined
      ? null
      : { _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun', number: item.build, url: `${root}/${jobPath(item.job)}/${item.build}/` };
  return {
    _class: left ? 'hudson.model.Queue$LeftItem' : 'hudson.model.Queue$WaitingItem',
    actions: [...(Object.keys(item.parameters).length > 0 ? [parametersAction(item.parameters)] : []), causeAction(item.cause)],
    blocked: false,
    buildable: false,
    id: item.id,
    inQueueSince: Date.parse(item.since),
    params: Object.entries(item.parameters)
      .map(([name, value]) => `\n${name}=${value}`)
      .join(''),
    stuck: false,
    task: { _class: 'org.jenkinsci.plugins.workflow.job.WorkflowJob', name: leaf(item.job), url: `${root}/${jobPath(item.job)}/`, color: 'blue' },
    url: `queue/item/${item.id}/`,
    why: left ? null : 'In the quiet period. Expires in 0.2 sec',
    ...(left ? { cancelled: item.cancelled, executable } : { timestamp: Date.parse(item.since) }),
  };
};
