import { instant } from '../shared/instants.js';
import { identifier, shape, text, textUpTo, type ReadBy } from '../shared/read.js';

/** Where our command's id stands on a workflow; a label's value could not hold it. */
export const COMMAND_ANNOTATION = 'stellwerk.dev/command';

/** The fields of a workflow that are read, as the API's `fields` wants them: a whole workflow can be megabytes. */
export const WORKFLOW_FIELDS = 'metadata.name,metadata.namespace,metadata.uid,metadata.creationTimestamp,metadata.annotations,spec.workflowTemplateRef.name,status.phase,status.message,status.startedAt,status.finishedAt';

/** A workflow as `GET /api/v1/workflows/{namespace}/{name}` shows it. */
export const argoWorkflow = shape({
  metadata: shape({
    name: identifier, namespace: text, uid: identifier, creationTimestamp: instant,
    annotations: shape({ [COMMAND_ANNOTATION]: textUpTo(300) }),
  }),
  spec: shape({ workflowTemplateRef: shape({ name: text }) }),
  status: shape({ phase: text, message: textUpTo(1_000), startedAt: instant, finishedAt: instant }),
});

export type ArgoWorkflow = NonNullable<ReadBy<typeof argoWorkflow>>;
