import { randomUUID } from 'node:crypto';
import type { Attempt, RunCause, RunChanged, RunSnapshot, RunState, StepSnapshot, StepState } from '@stellwerk/contracts';

let count = 0;

/** Times in the order of the calls. */
const tick = (): string => new Date(Date.UTC(2026, 0, 1) + 1_000 * count++).toISOString();

const cause: RunCause = {
  id: 'github:d1:pipelinerun.finished', type: 'pipelinerun.finished', connection: 'github', repository: 'acme/shop', branch: 'main',
  sha: '0123456789abcdef0123456789abcdef01234567', url: 'https://github.com/acme/shop/actions/runs/1', title: 'Add a basket', actor: 'alice',
};

/** A run that has just started. */
export const newRun = (some: Partial<RunSnapshot> = {}): RunSnapshot => {
  const at = tick();
  return {
    id: randomUUID(), flow: 'release', revision: 'abcdef1234567890', state: 'running', event: cause, attempt: 1, version: 1, createdAt: at, startedAt: at,
    steps: [step('scan', 'triggering'), step('deploy', 'pending', ['scan'])], trace: '0af7651916cd43dd8448eb211c80319c', ...some,
  };
};

/** Its next version. */
export const next = (run: RunSnapshot, state: RunState, some: Partial<RunSnapshot> = {}): RunSnapshot => ({
  ...run, state, version: run.version + 1, ...(['succeeded', 'failed', 'cancelled', 'rolled-back'].includes(state) && { finishedAt: tick() }), ...some,
});

export const step = (name: string, state: StepState, needs: string[] = [], attempts: Attempt[] = []): StepSnapshot => ({
  name, state, needs, uses: 'gitlab/trigger-pipeline', attempts,
});

export const attempt = (number: number, state: StepState, some: Partial<Attempt> = {}): Attempt => ({
  number, state, command: `c:${number}`, connection: 'gitlab', run: { id: String(100 + number), url: `https://gitlab.example.com/acme/scan/-/pipelines/${100 + number}` },
  startedAt: tick(), ...some,
});

export const onBranch = (branch: string): RunCause => ({ ...cause, branch });

/** A whole life as the router tells it: a step that fails, a wait, a second try that succeeds. */
export const life = (): (RunChanged & { type: string })[] => {
  const of = (state: StepState): StepSnapshot[] => [step('scan', state)];
  const started = newRun({ steps: of('triggering') });
  const stepRuns = next(started, 'running', { steps: of('running') });
  const waits = next(stepRuns, 'waiting', { steps: of('failed') });
  const again = next(waits, 'running', { steps: of('triggering') });
  const ended = next(again, 'succeeded', { steps: of('succeeded') });
  const moved = ['scan'];
  return [
    { type: 'run.started', run: started, moved },
    { type: 'step.changed', run: stepRuns, previous: 'running', moved },
    { type: 'run.waiting', run: waits, previous: 'running', moved },
    { type: 'run.started', run: again, previous: 'waiting', moved },
    { type: 'run.succeeded', run: ended, previous: 'running', moved },
  ];
};
