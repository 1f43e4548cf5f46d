import { closeSync, copyFileSync, existsSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

/** Beyond this a log is set aside as `<file>.1`, which is overwritten the next time. */
const MAX_BYTES = 20 * 1024 * 1024;
const TAIL_BYTES = 64 * 1024;

/** A child writes into it by itself (no pipe through the supervisor: it would cost time, and break with it). */
export class LogFile {
  readonly path: string;
  #startedAt = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** A descriptor to hand to the child; close it after the spawn. Opened for appending, so that truncating works under it. */
  open(): number {
    const descriptor = openSync(this.path, 'a');
    this.#startedAt = this.#size();
    return descriptor;
  }

  close(descriptor: number): void {
    closeSync(descriptor);
  }

  capSize(): void {
    if (this.#size() <= MAX_BYTES) return;
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path, 0);
    this.#startedAt = 0;
  }

  /** What the latest child wrote, its last 64 KB at most. */
  tail(): string {
    const size = this.#size();
    const from = Math.max(Math.min(this.#startedAt, size), size - TAIL_BYTES);
    const buffer = Buffer.alloc(size - from);
    if (!existsSync(this.path)) return '';
    const descriptor = openSync(this.path, 'r');
    try {
      return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, from));
    } finally {
      closeSync(descriptor);
    }
  }

  #size(): number {
    return existsSync(this.path) ? statSync(this.path).size : 0;
  }
}
