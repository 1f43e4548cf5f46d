import { request } from './client.js';
import type { Page } from './run.js';

export type InputValue = string | number | boolean;

export interface FlowInput {
  name: string;
  type: 'string' | 'number' | 'boolean';
  required: boolean;
  default: InputValue | null;
  description: string | null;
}

export interface FlowInForce {
  name: string;
  description: string | null;
  labels: Record<string, string>;
  revision: string;
  triggers: number;
  inputs: FlowInput[];
  steps: { name: string; uses: string | null; environment: string | null }[];
}

export interface ConfigInForce {
  revision: string;
  /** Why the last change was refused; empty when the newest files are in force. */
  faults: string[];
  services: { service: string; revisions: string[]; agrees: boolean | null }[];
}

export const getConfig = (): Promise<ConfigInForce> => request('/api/config');

export const getFlows = (): Promise<Page<FlowInForce>> => request('/api/flows');

/** A name for one order, so that it is carried out once however often it is sent. `crypto.randomUUID` is not there behind plain HTTP. */
export const newOrderKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export const startFlow = (name: string, inputs: Record<string, InputValue>, key: string): Promise<{ id: string; detail: string }> =>
  request(`/api/flows/${encodeURIComponent(name)}/runs`, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': key }, body: JSON.stringify({ inputs }) });
