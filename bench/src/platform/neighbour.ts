import type { ServerResponse } from 'node:http';

const PREFIX = '/neighbour/';

/** What another connection talks to, on the same host: it takes every call, or hangs. Nothing of it is counted. */
export class Neighbour {
  readonly #hanging = new Set<ServerResponse>();
  #hangs = false;
  #hung = 0;
  #next = 9_500_000_000;

  takes(url: string): boolean {
    return url.startsWith(PREFIX);
  }

  serve(response: ServerResponse): void {
    if (this.#hangs) {
      this.#hung += 1;
      this.#hanging.add(response.once('close', () => this.#hanging.delete(response)));
      return;
    }
    const text = JSON.stringify({ workflow_run_id: this.#next++, login: 'bench', total_count: 0, workflow_runs: [] });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
  }

  /** Those that still hang when it ends see their line cut. @returns how many calls have hung since it began to */
  hang(hangs: boolean): number {
    if (hangs) this.#hung = 0;
    else for (const response of [...this.#hanging]) response.destroy();
    this.#hangs = hangs;
    return this.#hung;
  }
}
