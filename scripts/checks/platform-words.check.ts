import { faultsOfPattern, isCode, type Check } from './check.ts';

const HOMES = [/^libs\/platforms\/src\/(github|gitlab|jenkins|webhook|prefect|argo-workflows|argo-cd|n8n)\//, /^services\/(github|gitlab|jenkins|webhook)-connector\//, /^libs\/(simulators|testing)\//];
const WORDS = /\b(pull_request|merge_request|workflow_run|workflow_job|workflow_dispatch|check_suite|object_kind|object_attributes|build_status|refs\/merge-requests|BUILDING_TAG|create_flow_run|flow_runs|idempotency_key|submitOptions|workflowTemplateRef|operationState|x-n8n-api-key)\b/;

/** Rule 4: a platform's words stay with the platform, or every rule is written three times. */
export const platformWords: Check = {
  name: 'platform words only with their platform',
  run: (files) => files
    .filter(({ path }) => isCode(path) && !HOMES.some((home) => home.test(path)))
    .flatMap((file) => faultsOfPattern(file, WORDS, `a platform's word outside libs/platforms/<name> and <name>-connector`)),
};
