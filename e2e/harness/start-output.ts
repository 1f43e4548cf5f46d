import { waitFor } from '@stellwerk/testing';
import type { ChildProcess } from 'node:child_process';

/** What `npm start` printed, both streams in the order they came. */
export class StartOutput {
  #text = '';

  constructor(child: ChildProcess) {
    const add = (chunk: Buffer): void => { this.#text += chunk.toString(); };
    child.stdout?.on('data', add);
    child.stderr?.on('data', add);
  }

  get text(): string {
    return this.#text;
  }

  get lines(): string[] {
    return this.#text.split('\n');
  }

  /** Waits for a line; what was printed until then is in the error. */
  async line(pattern: RegExp, timeoutMs: number, gone: () => boolean = () => false): Promise<string> {
    try {
      return await waitFor(() => {
        const found = this.lines.find((line) => pattern.test(line));
        if (!found && gone()) throw new Error('it ended before');
        return found;
      }, { what: `the line ${pattern}`, timeoutMs });
    } catch (cause) {
      throw new Error(`${(cause as Error).message}; printed so far:\n${this.#text}`, { cause });
    }
  }
}
