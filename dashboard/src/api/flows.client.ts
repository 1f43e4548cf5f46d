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

export const startFlow = (name: string, inputs: Record<string, InputValue>): Promise<{ id: string; detail: string }> =>
  request(`/api/flows/${encodeURIComponent(name)}/runs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ inputs }) });
