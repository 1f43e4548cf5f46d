import { randomUUID } from 'node:crypto';
import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import type { SmallRun } from '../kit/small-runs.js';
import type { Answer, Exchange } from '../kit/types.js';
import type { ArgoTemplate, ArgoWorkflowsService } from './argo-workflows.simulator.js';
import { workflowView } from './views.js';

/** gRPC codes as the gateway puts them into HTTP. */
const STATUS: Record<number, number> = { 3: 400, 5: 404, 6: 409, 7: 403, 13: 500 };
const fault = (code: number, message: string): Answer => ({ status: STATUS[code]!, body: { code, message } });
/** RFC 1123, as for every name in Kubernetes that becomes one of a pod. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export const argoWorkflowsRoutes = (service: ArgoWorkflowsService): Route[] => [
  { on: 'GET /api/v1/userinfo', handle: () => ({ status: 200, body: { subject: 'system:serviceaccount:argo:stellwerk' } }) },
  { on: 'POST /api/v1/workflows/:namespace/submit', handle: (exchange, { namespace }) => submit(service, namespace!, exchange) },
  { on: 'GET /api/v1/workflows/:namespace', handle: (exchange, { namespace }) => list(service, namespace!, exchange) },
  { on: 'GET /api/v1/workflows/:namespace/:name', handle: (exchange, { namespace, name }) => read(service, `${namespace}/${name}`, exchange) },
  { on: 'PUT /api/v1/workflows/:namespace/:name/stop', handle: (_, { namespace, name }) => stop(service, `${namespace}/${name}`) },
];

interface SubmitOrder {
  resourceKind?: string;
  resourceName?: string;
  submitOptions?: { name?: string; labels?: string; annotations?: string; parameters?: string[]; entryPoint?: string; serviceAccount?: string };
}

const templateOf = ({ options }: ArgoWorkflowsService, namespace: string, { resourceKind, resourceName = '' }: SubmitOrder): ArgoTemplate | undefined => {
  const { templates, cron } = options.namespaces[namespace]!;
  if (resourceKind === 'WorkflowTemplate') return templates?.[resourceName];
  if (resourceKind === 'ClusterWorkflowTemplate') return options.clusterTemplates?.[resourceName];
  return cron?.includes(resourceName) ? {} : undefined;
};

const submit = (service: ArgoWorkflowsService, namespace: string, exchange: Exchange): Answer => {
  const order = jsonBody(exchange) as SubmitOrder | undefined;
  if (!order) return fault(3, 'invalid character in JSON');
  if (!Object.hasOwn(service.options.namespaces, namespace)) return fault(7, `workflows.argoproj.io is forbidden: User "stellwerk" cannot create resource "workflows" in the namespace "${namespace}"`);
  const template = templateOf(service, namespace, order);
  if (!template) return fault(3, `templates.main: workflowtemplates.argoproj.io "${order.resourceName}" not found`);
  const given = (order.submitOptions?.parameters ?? []).map((one) => one.split('=', 1)[0]!);
  const lacking = template.parameters?.find((name) => !given.includes(name));
  if (lacking) return fault(3, `spec.arguments.${lacking}.value or spec.arguments.${lacking}.valueFrom is required`);
  const name = order.submitOptions?.name ?? `${order.resourceName}-${randomUUID().slice(0, 5)}`;
  if (!NAME.test(name)) return fault(3, `Workflow.argoproj.io "${name}" is invalid: metadata.name: Invalid value`);
  if (service.runs.get(`${namespace}/${name}`)) return fault(6, `workflows.argoproj.io "${name}" already exists`);
  return { status: 200, body: workflowView(submitted(service, { namespace, name, ...order })) };
};

const pairs = (text: string | undefined): Record<string, string> =>
  Object.fromEntries((text ?? '').split(',').filter((one) => one !== '').map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));

/** `{ namespace, name, resourceName, submitOptions }`. */
export const submitted = ({ runs }: ArgoWorkflowsService, order: SubmitOrder & { namespace?: string; name?: string }): SmallRun => {
  const { namespace = 'argo', name = `pushed-${randomUUID().slice(0, 5)}`, resourceName = 'build', submitOptions: options } = order;
  const parameters = (options?.parameters ?? []).map((one) => ({ name: one.split('=', 1)[0], value: one.slice(one.indexOf('=') + 1) }));
  return runs.start({
    id: `${namespace}/${name}`, key: `${namespace}/${resourceName}`, success: 'Succeeded',
    details: { uid: randomUUID(), template: resourceName, labels: pairs(options?.labels), annotations: pairs(options?.annotations), parameters },
  });
};

/** Only what `fields` names: `metadata.name,status.phase`. */
const narrowed = (value: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> => {
  const cut: Record<string, unknown> = {};
  for (const field of fields) {
    const [head, ...rest] = field.split('.');
    const inner = value[head!];
    if (inner === undefined) continue;
    const below = fields.filter((one) => one.startsWith(`${head}.`)).map((one) => one.slice(head!.length + 1));
    cut[head!] = rest.length === 0 || typeof inner !== 'object' || inner === null ? inner : narrowed(inner as Record<string, unknown>, below);
  }
  return cut;
};

const fieldsOf = ({ query }: Exchange, prefix = ''): string[] =>
  (query.get('fields') ?? '').split(',').filter((field) => field.startsWith(prefix) && field !== '').map((field) => field.slice(prefix.length));

const viewOf = (run: SmallRun, fields: readonly string[]): Record<string, unknown> => (fields.length === 0 ? workflowView(run) : narrowed(workflowView(run), fields));

const read = ({ runs }: ArgoWorkflowsService, id: string, exchange: Exchange): Answer => {
  const run = runs.get(id);
  return run ? { status: 200, body: viewOf(run, fieldsOf(exchange)) } : fault(5, `workflows.argoproj.io "${id.split('/')[1]}" not found`);
};

/** A label selector of the form `name in (a,b)`; an empty list is `null`, as Go writes it. */
const list = ({ runs }: ArgoWorkflowsService, namespace: string, exchange: Exchange): Answer => {
  const selector = exchange.query.get('listOptions.labelSelector');
  const parsed = selector === null ? undefined : /^(\S+) in \(([^)]*)\)$/.exec(selector);
  if (selector !== null && !parsed) return fault(3, `unable to parse requirement: "${selector}"`);
  const fits = ({ id, details }: SmallRun): boolean =>
    id.startsWith(`${namespace}/`) && (!parsed || parsed[2]!.split(',').includes((details['labels'] as Record<string, string>)[parsed[1]!] ?? ''));
  const found = runs.list().filter(fits).map((run) => viewOf(run, fieldsOf(exchange, 'items.')));
  return { status: 200, body: { metadata: { resourceVersion: '1' }, items: found.length === 0 ? null : found } };
};

const stop = ({ runs }: ArgoWorkflowsService, id: string): Answer => {
  const run = runs.get(id);
  if (!run) return fault(5, `workflows.argoproj.io "${id.split('/')[1]}" not found`);
  if (!runs.stop(id, 'Stopped')) return fault(13, `cannot shutdown a completed workflow: workflow: "${id.split('/')[1]}", namespace: "${id.split('/')[0]}"`);
  return { status: 200, body: workflowView(run) };
};
