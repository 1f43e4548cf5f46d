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

  /** Waits for a line; what was printed until then is in the error. Fails at once when the process is `gone` without it. */
  async line(pattern: RegExp, timeoutMs: number, gone: () => boolean = () => false): Promise<string> {
    const find = (): string | undefined => this.lines.find((line) => pattern.test(line));
    await waitFor(() => find() !== undefined || gone(), { what: String(pattern), timeoutMs }).catch(() => undefined);
    const found = find();
    if (found === undefined) throw new Error(`the line ${pattern} did not come${gone() ? ', it ended before' : ` within ${timeoutMs / 1000} s`}; printed so far:\n${this.#text}`);
    return found;
  }
}
