import { LRUCache } from 'lru-cache';
import { Agent } from 'undici';
import { guardedLookup } from './guarded-lookup.js';
import type { AddressRules } from './address-rules.js';

const CONNECT_TIMEOUT_MS = 5_000;
const KEPT_AGENTS = 200;

/**
 * One agent per set of address rules: a socket opened under one connection's rules is never lent to another's. Writes have agents
 * of their own, whose sockets are used once (see `reset` in the client), so that a write never rides on a half-dead kept one.
 */
export class Agents {
  readonly #agents = new LRUCache<string, Agent>({ max: KEPT_AGENTS, dispose: (agent) => void agent.close() });

  for(rules: AddressRules, use: 'read' | 'write'): Agent {
    const key = `${use} ${rules.secure ? 'https' : 'http'} ${[...rules.allow].sort().join(' ')}`;
    const known = this.#agents.get(key);
    if (known) return known;
    const agent = new Agent({
      allowH2: false,
      connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(rules) },
      // The caller's limit rules the whole call; these would cut in before it.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#agents.set(key, agent);
    return agent;
  }

  async close(): Promise<void> {
    const agents = [...this.#agents.values()];
    await Promise.all(agents.map((agent) => agent.destroy()));
  }
}
