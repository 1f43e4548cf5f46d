import type { StatusClient } from '../api/status.client.js';
import { CommandFailed, UsageError } from '../terminal.js';

export interface Finding {
  about: string;
  level: 'ok' | 'warning' | 'fault' | 'unknown';
  text: string;
  remedy?: string;
}

/** As `GET /api/connections` gives it, as far as it is read here. */
export interface Connection {
  name: string;
  platform: string;
  url: string | null;
  hookPath: string | null;
  check: { at: string | null; state: Finding['level']; findings: Finding[] };
}

export interface HookChange {
  place: string;
  action: 'none' | 'create' | 'change' | 'by-hand' | 'refused';
  lines: string[];
  done: boolean;
}

export const listConnections = async (client: StatusClient): Promise<Connection[]> => (await client.get<{ items: Connection[] }>('/api/connections')).items;

/** Those of that name, or all. Throws UsageError for a name that is none. */
export const named = (all: readonly Connection[], name: string | undefined): Connection[] => {
  const found = all.filter((one) => name === undefined || one.name === name);
  if (name !== undefined && found.length === 0) throw new UsageError(`there is no connection "${name}"; there are ${all.map((one) => one.name).join(', ') || 'none'}`);
  return found;
};

/** Has the connector look. One that cannot be asked shows what is known without it, and why that is all. */
export const checked = async (client: StatusClient, connection: Connection): Promise<Connection> => {
  try {
    return await client.post<Connection>(`/api/connections/${connection.name}/check`, {});
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const failed: Finding = { about: 'check', level: 'fault', text: error.message };
    return { ...connection, check: { ...connection.check, state: 'fault', findings: [...connection.check.findings, failed] } };
  }
};

/** One request a repository, so that progress shows and none takes too long; without any, all at once. */
export const setUp = async (client: StatusClient, name: string, order: { repositories?: string[]; dryRun: boolean }): Promise<HookChange[]> =>
  (await client.post<{ changes: HookChange[] }>(`/api/connections/${name}/setup`, order)).changes;
