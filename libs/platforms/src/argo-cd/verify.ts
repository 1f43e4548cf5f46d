import { namedDelivery, verifyBearer } from '../shared/bearer.js';

export const verifyArgoCd = verifyBearer;

export const argoCdDelivery = namedDelivery;
