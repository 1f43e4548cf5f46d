import { namedDelivery, verifyBearer } from '../shared/bearer.js';

export const verifyN8n = verifyBearer;

export const n8nDelivery = namedDelivery;
