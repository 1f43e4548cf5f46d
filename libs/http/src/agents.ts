import { LRUCache } from 'lru-cache';
import { Agent } from 'undici';
import { guardedLookup } from './guarded-lookup.js';
import type { AddressRules } from './address-rules.js';

const CONNECT_TIMEOUT_MS = 5_000;
const KEPT_AGENTS = 200;
const LITERALS_KEPT = 1_000;
/**
 * How long an unused connection is kept, in ms. A write on a connection that the other side is just closing has an unknown outcome
 * where a new connection would have told "not sent", so those for writes are kept for less than any server's own limit.
 */
const IDLE_MS = { read: 4_000, write: 1_000 } as const;

type Use = keyof typeof IDLE_MS;

/** The way out under one set of address rules. */
export interface Route {
  agent: Agent;
  /** Hosts written as addresses that the rules allow; such never reach the socket's lookup. */
  literals: Set<string>;
}

/** One agent per set of address rules: a socket opened under one connection's rules is never lent to another's. */
export class Agents {
  readonly #routes = new LRUCache<string, Route>({ max: KEPT_AGENTS, dispose: ({ agent }) => void agent.close() });
  /** By the list a connection's settings hold: the key need not be made for each call. */
  readonly #keys = new WeakMap<readonly string[], string>();

  for(rules: AddressRules, use: Use): Route {
    const key = `${use} ${rules.secure ? 'https' : 'http'} ${this.#keyOf(rules.allow)}`;
    const known = this.#routes.get(key);
    if (known) return known;
    const agent = new Agent({
      allowH2: false,
      keepAliveTimeout: IDLE_MS[use],
      keepAliveMaxTimeout: IDLE_MS[use],
      connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(rules) },
      // The caller's limit rules the whole call; these would cut in before it.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const route = { agent, literals: new Set<string>() };
    this.#routes.set(key, route);
    return route;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#routes.values()].map(({ agent }) => agent.destroy()));
  }

  #keyOf(allow: readonly string[]): string {
    const known = this.#keys.get(allow);
    if (known !== undefined) return known;
    const key = [...allow].sort().join(' ');
    this.#keys.set(allow, key);
    return key;
  }
}

/** Notes that a literal address is allowed on a route. */
export const noteLiteral = ({ literals }: Route, host: string): void => {
  if (literals.size >= LITERALS_KEPT) literals.clear();
  literals.add(host);
};
