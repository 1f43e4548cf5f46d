/** A workflow run that was dispatched. */
export interface Run {
  readonly id: number;
  readonly title: string;
  readonly createdAt: string;
  status: 'queued' | 'in_progress' | 'completed';
}

/** As many as a page of the list can need; older ones are gone. */
const KEPT = 1_000;
let next = 5_000_000_000;

export class Runs {
  readonly #runs = new Map<number, Run>();

  create(title: string): Run {
    const run: Run = { id: next++, title, createdAt: new Date().toISOString(), status: 'queued' };
    this.#runs.set(run.id, run);
    if (this.#runs.size > KEPT) this.#runs.delete(this.#runs.keys().next().value!);
    return run;
  }

  view(id: number): object | undefined {
    const run = this.#runs.get(id);
    return run && viewOf(run);
  }

  /** Newest first. */
  page(): object {
    const newest = [...this.#runs.values()].slice(-100).reverse();
    return { total_count: this.#runs.size, workflow_runs: newest.map(viewOf) };
  }
}

const viewOf = ({ id, title, createdAt, status }: Run): object => ({
  id, name: 'Deploy', path: '.github/workflows/deploy.yml', display_title: title, head_branch: 'main', head_sha: '0'.repeat(40), event: 'workflow_dispatch',
  run_number: 1, run_attempt: 1, status, conclusion: status === 'completed' ? 'success' : null, created_at: createdAt, run_started_at: createdAt, updated_at: createdAt,
  html_url: `https://github.test/acme/shop/actions/runs/${id}`, actor: { login: 'bench' }, repository: { full_name: 'acme/shop' },
});
