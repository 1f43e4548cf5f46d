import { findProject, refsOf } from './project.js';
import type { GitlabService } from './service.js';
import { pipelineItem } from './views.js';

/** A pipeline that is not ours: `{ project, ref, sha, source, status, user, message, milliseconds }`. */
export const push = (service: GitlabService, order: Record<string, unknown>): unknown => {
  const project = order['project'] === undefined ? service.projects[0] : findProject(service.projects, String(order['project']));
  if (!project) throw new Error(`no project ${String(order['project'])}`);
  const planned = typeof order['status'] === 'string' ? { result: order['status'] } : service.outcomes.take(project.path, 'success');
  const milliseconds = order['milliseconds'] as number | undefined;
  const pipeline = service.pipelines.create({
    project,
    ref: (order['ref'] as string | undefined) ?? refsOf(project)[0]!,
    sha: order['sha'] as string | undefined,
    source: (order['source'] as string | undefined) ?? 'push',
    variables: [],
    user: (order['user'] as string | undefined) ?? 'alice',
    message: order['message'] as string | undefined,
    planned: milliseconds === undefined ? planned : { ...planned, milliseconds },
  });
  return pipelineItem(service.root(), project, pipeline);
};
