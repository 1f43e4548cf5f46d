import { isLoopback } from './hosts.js';
import { LOCAL, type Caller } from './caller.js';
import type { Tokens } from './tokens.js';

/** How callers become known: by token, or, on loopback without tokens, not at all. */
export class Access {
  constructor(private readonly tokens: Tokens | undefined) {}

  get open(): boolean {
    return this.tokens === undefined;
  }

  /** Undefined: no token, or none that is known. */
  callerOf(authorization: string | undefined): Caller | undefined {
    if (!this.tokens) return LOCAL;
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    return token === undefined ? undefined : this.tokens.find(token);
  }
}

/** Why an open door must not be opened there; undefined = it may. */
export const openDoorFault = (host: string): string | undefined =>
  isLoopback(host)
    ? undefined
    : `HOST is ${host}, but STELLWERK_TOKENS_FILE is not set: without tokens everyone has every right, so only a loopback address may be listened on`;
