import type { Answer, Exchange } from './types.js';

/**
 * `-before`: nothing was done. `-after`: the platform acted, but nobody hears of it. The last three: it acted, but its answer is cut, never ends,
 * or is longer than anybody should read.
 */
export const FAULT_KINDS = [
  'delay', 'reset-before', 'reset-after', 'hang-before', 'hang-after', 'status', 'status-after', 'malformed', 'slow-body', 'huge-body',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  kind: FaultKind;
  /** Any when absent. */
  method?: string;
  /** Path without query, `*` stands for any text; any when absent. */
  path?: string;
  /** How many requests it hits; 0 = until cleared. Default 1. */
  times?: number;
  /** Lets this many matching requests pass first. */
  skip?: number;
  /** delay: how long. */
  delayMs?: number;
  /** status, status-after: default 500. */
  status?: number;
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number;
  /** Sends `Retry-After` as an HTTP date. */
  retryAfterAsDate?: boolean;
  headers?: Record<string, string>;
  body?: unknown;
}

interface ActiveFault extends Fault {
  matches: (exchange: Exchange) => boolean;
  left: number;
  toSkip: number;
}

/** Faults that were ordered, taken in the order of ordering. */
export class FaultSwitch {
  private active: ActiveFault[] = [];

  add(...faults: Fault[]): void {
    for (const fault of faults) {
      if (!FAULT_KINDS.includes(fault.kind)) throw new Error(`no such fault: ${fault.kind}; one of ${FAULT_KINDS.join(', ')}`);
      const times = fault.times ?? 1;
      this.active.push({ ...fault, matches: matcher(fault), left: times === 0 ? Infinity : times, toSkip: fault.skip ?? 0 });
    }
  }

  clear(): void {
    this.active = [];
  }

  list(): Fault[] {
    return this.active.map(({ matches: _matches, left, toSkip, ...fault }) => ({ ...fault, times: left, skip: toSkip }));
  }

  /** The first fault that hits this request; counts it. */
  take(exchange: Exchange): Fault | undefined {
    for (const fault of this.active) {
      if (!fault.matches(exchange)) continue;
      if (fault.toSkip > 0) {
        fault.toSkip -= 1;
        continue;
      }
      fault.left -= 1;
      this.active = this.active.filter((other) => other.left > 0);
      return fault;
    }
    return undefined;
  }
}

/** What a fault of kind status says. */
export const faultAnswer = (fault: Fault, now: Date): Answer => ({
  status: fault.status ?? 500,
  headers: { 'content-type': 'application/json', ...retryAfter(fault, now), ...fault.headers },
  body: fault.body ?? { message: `simulated ${fault.status ?? 500}` },
});

const retryAfter = (fault: Fault, now: Date): Record<string, string> => {
  if (fault.retryAfter === undefined) return {};
  const date = new Date(now.getTime() + fault.retryAfter * 1000);
  return { 'retry-after': fault.retryAfterAsDate ? date.toUTCString() : String(fault.retryAfter) };
};

const matcher = (fault: Fault): ((exchange: Exchange) => boolean) => {
  const pattern = fault.path === undefined ? undefined : globPattern(fault.path);
  return (exchange) =>
    (fault.method === undefined || fault.method.toUpperCase() === exchange.method) && (pattern === undefined || pattern.test(exchange.path));
};

const globPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
