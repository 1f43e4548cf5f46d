export interface StateLook {
  label: string;
  /** Path in a 16 × 16 box; the shape tells the state without its colour. */
  icon: string;
  tone: 'idle' | 'busy' | 'wait' | 'good' | 'bad' | 'off' | 'back';
}

const CHECK = 'M3.5 8.5l3 3 6-7';
const CROSS = 'M4 4l8 8M12 4l-8 8';
const CLOCK = 'M8 4.5V8l2.5 1.8M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2z';
const BACK = 'M3 8a5 5 0 105-5H5M7.2 .8L4.8 3l2.4 2.2';
const TURN = 'M8 2.2A5.8 5.8 0 1 0 13.8 8';

const RUNS = {
  queued: { label: 'queued', icon: 'M3 4.5h10M3 8h10M3 11.5h6', tone: 'idle' },
  running: { label: 'running', icon: TURN, tone: 'busy' },
  waiting: { label: 'waiting', icon: CLOCK, tone: 'wait' },
  succeeded: { label: 'succeeded', icon: CHECK, tone: 'good' },
  failed: { label: 'failed', icon: CROSS, tone: 'bad' },
  cancelled: { label: 'cancelled', icon: 'M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM4 12L12 4', tone: 'off' },
  'rolling-back': { label: 'rolling back', icon: BACK, tone: 'back' },
  'rolled-back': { label: 'rolled back', icon: BACK, tone: 'back' },
} satisfies Record<string, StateLook>;

const STEPS = {
  pending: { label: 'pending', icon: 'M8 5.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z', tone: 'idle' },
  waiting: RUNS.waiting,
  triggering: { label: 'triggering', icon: 'M3 8h9M8.5 4.5L12 8l-3.5 3.5', tone: 'busy' },
  running: RUNS.running,
  succeeded: RUNS.succeeded,
  failed: RUNS.failed,
  cancelled: RUNS.cancelled,
  skipped: { label: 'skipped', icon: 'M3 4l4 4-4 4M9 4l4 4-4 4', tone: 'off' },
  unknown: { label: 'unknown', icon: 'M5.5 6a2.5 2.5 0 114 2c-1 .7-1.5 1.2-1.5 2.2M8 13v.4', tone: 'wait' },
} satisfies Record<string, StateLook>;

export type RunState = keyof typeof RUNS;
export type StepState = keyof typeof STEPS;

export const RUN_STATES = Object.keys(RUNS) as RunState[];

export const FINAL_STATES: readonly RunState[] = ['succeeded', 'failed', 'cancelled', 'rolled-back'];

const LOOKS: Readonly<Record<string, StateLook>> = { ...STEPS, ...RUNS };

/** How a state of a run or step looks; one that a newer server may tell is shown by its name. */
export const lookOf = (state: string): StateLook => LOOKS[state] ?? { label: state, icon: STEPS.pending.icon, tone: 'idle' };
