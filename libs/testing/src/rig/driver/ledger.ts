import { createWriteStream, type WriteStream } from 'node:fs';
import type { Delivery } from './payload.js';

/** What became of one request. */
export interface LedgerLine {
  at: string;
  connection: string;
  delivery: string;
  flow?: string;
  /** The run it starts. */
  run?: string;
  sha?: string;
  /** HTTP status; absent when there was no answer. */
  status?: number;
  error?: string;
  ms: number;
  door: string;
}

/** What is known of one delivery over all its requests. */
export interface Promised {
  connection: string;
  delivery: string;
  flow?: string;
  run?: string;
  sha?: string;
  tries: number;
  /** Answers 2xx. */
  accepted: number;
}

export interface LedgerCounts {
  requests: number;
  accepted: number;
  /** Answers by status; `error` = none. */
  answers: Record<string, number>;
  deliveries: number;
  /** Deliveries with at least one 2xx. */
  promised: number;
}

/** The driver's book: every request and its answer, on disk and counted. What has a 2xx was promised. */
export class Ledger {
  readonly file: string;
  readonly #stream: WriteStream;
  readonly #known = new Map<string, Promised>();
  readonly #answers: Record<string, number> = {};
  #requests = 0;
  #accepted = 0;
  #promised = 0;

  constructor(file: string) {
    this.file = file;
    this.#stream = createWriteStream(file, { flags: 'a' });
  }

  note(delivery: Delivery, outcome: Pick<LedgerLine, 'at' | 'status' | 'error' | 'ms' | 'door'>): LedgerLine {
    const { id, connection, flow, run, sha } = delivery;
    const line: LedgerLine = { ...outcome, connection, delivery: id, flow, run, sha };
    this.#stream.write(`${JSON.stringify(line)}\n`);
    this.#count(line);
    return line;
  }

  /** Deliveries of which at least one answer was 2xx. */
  promised(): Promised[] {
    return [...this.#known.values()].filter(({ accepted }) => accepted > 0);
  }

  all(): Promised[] {
    return [...this.#known.values()];
  }

  counts(): LedgerCounts {
    return { requests: this.#requests, accepted: this.#accepted, answers: { ...this.#answers }, deliveries: this.#known.size, promised: this.#promised };
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#stream.end(() => resolve()));
  }

  #count({ connection, delivery, flow, run, sha, status }: LedgerLine): void {
    const key = `${connection}:${delivery}`;
    const known = this.#known.get(key) ?? { connection, delivery, flow, run, sha, tries: 0, accepted: 0 };
    this.#known.set(key, known);
    known.tries += 1;
    this.#requests += 1;
    const answer = String(status ?? 'error');
    this.#answers[answer] = (this.#answers[answer] ?? 0) + 1;
    if (status === undefined || status < 200 || status > 299) return;
    this.#accepted += 1;
    if (known.accepted === 0) this.#promised += 1;
    known.accepted += 1;
  }
}
