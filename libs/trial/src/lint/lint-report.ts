import type { Fault, ResourceFile, ResourceSet } from '@stellwerk/flows';

/** Resource files as they were read and checked. */
export interface Checked {
  resources: ResourceSet;
  faults: readonly Fault[];
}

export interface LintReport {
  /** No error; there may be warnings. */
  ok: boolean;
  errors: number;
  warnings: number;
  files: number;
  /** Valid resources by kind. */
  resources: { connections: number; flows: number; channels: number; environments: number };
  /** In the order of the files. */
  faults: readonly Fault[];
}

/** What lint says of files that were read; `faults` of `checked` are all there are. */
export const lintReport = ({ resources, faults }: Checked, files: readonly ResourceFile[]): LintReport => {
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  const count = (record: object): number => Object.keys(record).length;
  return {
    ok: errors === 0, errors, warnings: faults.length - errors, files: files.length,
    resources: {
      connections: count(resources.connections), flows: count(resources.flows),
      channels: count(resources.channels), environments: count(resources.environments),
    },
    faults,
  };
};
