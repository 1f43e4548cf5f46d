import { nameOfCommand, type Outputs } from '@stellwerk/contracts';
import { Fields, asTexts, type ActionCall, type ConnectorAction, type Looked, type Sent, type StartedRun, type Target } from '@stellwerk/connector-kit';
import { COMMAND_ANNOTATION } from '@stellwerk/platforms';
import { PermanentError } from '@stellwerk/service-kit';
import { expectStatus } from '../answers.js';
import { COMMAND_LABEL, WHO, readWorkflow, startedRun, workflowsPath } from './argo-workflows.client.js';

const KINDS = { template: 'WorkflowTemplate', 'cluster-template': 'ClusterWorkflowTemplate', cron: 'CronWorkflow' } as const;
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const LABEL_NAME = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

interface Order {
  namespace: string;
  kind: (typeof KINDS)[keyof typeof KINDS];
  resource: string;
}

const orderIn = (fields: Fields): Order => {
  const named = (Object.keys(KINDS) as (keyof typeof KINDS)[]).filter((key) => fields.textOf(key) !== undefined);
  const [key] = named;
  if (key === undefined || named.length > 1) throw new PermanentError('submit needs exactly one of `template`, `cluster-template` and `cron`');
  return { namespace: fields.text('namespace'), kind: KINDS[key], resource: fields.text(key) };
};

/** The form in which Argo takes labels and annotations: `a=1,b=2`. */
const labelText = (labels: Record<string, string>): string =>
  Object.entries(labels).map(([name, value]) => {
    if (!LABEL_NAME.test(name) || !LABEL_VALUE.test(value)) throw new PermanentError(`submit: label "${name}=${value}" is none that Kubernetes takes`);
    return `${name}=${value}`;
  }).join(',');

/** `argo-workflows/submit`. The workflow's name is made from our id: Kubernetes takes it once, and it can be read by it. */
export class SubmitAction implements ConnectorAction {
  readonly name = 'submit';
  readonly follows = true;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { namespace, resource } = orderIn(new Fields(this.name, values));
    return { repository: namespace, pipeline: resource };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  /** 409 is Kubernetes' word for a name that is taken: nobody else makes such names. */
  async send(call: ActionCall): Promise<Sent> {
    const { namespace } = orderIn(new Fields(this.name, call.with));
    const response = await call.calls.write({ method: 'POST', path: `${workflowsPath(namespace)}/submit`, json: this.#body(call) }, call);
    if (response.status === 409 && (await this.lookUp(call)).kind === 'found') return { kind: 'accepted', run: this.#run(call) };
    expectStatus(response, WHO, 200, 201);
    return { kind: 'accepted', run: this.#run(call) };
  }

  outputsOf({ id }: StartedRun): Outputs {
    return { workflow: id };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const { namespace } = orderIn(new Fields(this.name, call.with));
    const found = await readWorkflow(call.calls, namespace, nameOfCommand(call.commandId));
    return found ? { kind: 'found', run: this.#run(call) } : { kind: 'absent' };
  }

  #run(call: ActionCall): StartedRun {
    const { namespace, resource } = orderIn(new Fields(this.name, call.with));
    return startedRun(call.connection, namespace, nameOfCommand(call.commandId), resource);
  }

  #body({ with: values, commandId }: ActionCall): Record<string, unknown> {
    const fields = new Fields(this.name, values);
    const { namespace, kind, resource } = orderIn(fields);
    const name = nameOfCommand(commandId);
    const options = {
      name, labels: labelText({ ...asTexts(fields.mapOf('labels')), [COMMAND_LABEL]: name }), annotations: `${COMMAND_ANNOTATION}=${commandId}`,
      parameters: Object.entries(asTexts(fields.mapOf('parameters'))).map(([key, value]) => `${key}=${value}`),
      entryPoint: fields.textOf('entry-point'), serviceAccount: fields.textOf('service-account'),
    };
    return { namespace, resourceKind: kind, resourceName: resource, submitOptions: options };
  }
}
