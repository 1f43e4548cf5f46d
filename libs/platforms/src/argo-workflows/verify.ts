import { namedDelivery, verifyBearer } from '../shared/bearer.js';

export const verifyArgoWorkflows = verifyBearer;

export const argoWorkflowsDelivery = namedDelivery;
