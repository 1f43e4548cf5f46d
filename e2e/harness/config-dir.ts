import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@stellwerk/testing';
import { stringify } from 'yaml';

/** One YAML document, Kubernetes-style. */
export interface Resource {
  apiVersion?: string;
  kind: 'Connection' | 'Flow' | 'Channel' | 'Environment';
  metadata: { name: string; [key: string]: unknown };
  spec: Record<string, unknown>;
}

export interface ConfigDir {
  readonly path: string;
  /** Writes or replaces `<kind>-<name>.yaml`, as an editor would. */
  put(resource: Resource): void;
  /** Any text under any name, for files that are broken. */
  putText(name: string, text: string): void;
}

const made = new Set<string>();

/** Of this spec file; `stopEverything` calls it. */
export const removeConfigDirs = (): void => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
  made.clear();
};

/** A config directory in a temporary folder, holding these resources. */
export const configDir = async (resources: readonly Resource[] = []): Promise<ConfigDir> => {
  const { path } = await tempDir('config');
  made.add(path);
  const putText = (name: string, text: string): void => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, name), text);
  };
  const put = (resource: Resource): void =>
    putText(`${resource.kind.toLowerCase()}-${resource.metadata.name}.yaml`, stringify({ apiVersion: 'stellwerk.dev/v1', ...resource }));
  resources.forEach(put);
  return { path, put, putText };
};
