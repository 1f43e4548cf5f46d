import { namedDelivery, verifyBearer } from '../shared/bearer.js';

export const verifyPrefect = verifyBearer;

export const prefectDelivery = namedDelivery;
