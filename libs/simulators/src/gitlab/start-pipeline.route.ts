import type { Answer } from '../kit/types.js';
import { message, missing, notFound } from './answers.js';
import type { PipelineVariable } from './pipeline.js';
import { type GitlabProject, refsOf } from './project.js';
import type { GitlabService } from './service.js';
import { pipelineView } from './views.js';

/** `POST /projects/:id/pipeline`: by access token; variables are a list. */
export const createPipeline = (service: GitlabService, project: GitlabProject, order: Record<string, unknown>): Answer =>
  start(service, project, order, { source: 'api', user: service.username, variables: listedVariables(order['variables']) });

/** `POST /projects/:id/trigger/pipeline`: by trigger token; variables are a map. */
export const triggerPipeline = (service: GitlabService, project: GitlabProject, order: Record<string, unknown>): Answer => {
  if (typeof order['token'] !== 'string') return missing('token');
  if (!project.triggerTokens?.includes(order['token'])) return notFound();
  return start(service, project, order, { source: 'trigger', user: 'trigger-owner', variables: mappedVariables(order['variables']) });
};

const start = (
  service: GitlabService,
  project: GitlabProject,
  order: Record<string, unknown>,
  by: { source: string; user: string; variables: PipelineVariable[] },
): Answer => {
  const { ref } = order;
  if (typeof ref !== 'string' || ref === '') return missing('ref');
  const fault = pipelineFault(project, ref, by.variables, (order['inputs'] ?? {}) as Record<string, unknown>);
  if (fault) return message(400, { base: [fault] });
  const pipeline = service.pipelines.create({
    project,
    ref: ref.replace(/^refs\/(heads|tags)\//, ''),
    ...by,
    planned: service.outcomes.take(project.path, 'success'),
  });
  return { status: 201, body: pipelineView(service.root(), project, pipeline) };
};

/** Why GitLab refuses, in its words. */
const pipelineFault = (project: GitlabProject, ref: string, variables: PipelineVariable[], inputs: Record<string, unknown>): string | undefined => {
  if (!refsOf(project).includes(ref.replace(/^refs\/(heads|tags)\//, ''))) return 'Reference not found';
  if (project.variablesForbidden && variables.length > 0) return 'Insufficient permissions to set pipeline variables';
  const unknown = project.inputs === undefined ? [] : Object.keys(inputs).filter((name) => !project.inputs!.includes(name));
  return unknown.length > 0 ? `unknown input arguments: ${unknown.join(', ')}` : undefined;
};

const listedVariables = (value: unknown): PipelineVariable[] =>
  (Array.isArray(value) ? (value as Partial<PipelineVariable>[]) : []).map(({ key, value: text, variable_type: type }) => ({
    key: key ?? '',
    value: text ?? '',
    variable_type: type ?? 'env_var',
  }));

const mappedVariables = (value: unknown): PipelineVariable[] =>
  Object.entries((value ?? {}) as Record<string, unknown>).map(([key, text]) => ({ key, value: String(text), variable_type: 'env_var' }));
