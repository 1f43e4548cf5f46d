import type { Activity, RunRecord, StepRecord } from './run-record.js';

const copyOfActivity = (activity: Activity): Activity => ({
  ...activity,
  ...(activity.gate && { gate: { ...activity.gate } }),
  attempts: activity.attempts.map((attempt) => ({ ...attempt, commands: [...attempt.commands], ...(attempt.run && { run: { ...attempt.run } }) })),
});

const copyOfStep = (step: StepRecord): StepRecord => ({
  ...step, run: copyOfActivity(step.run),
  ...(step.rollback && { rollback: copyOfActivity(step.rollback) }), ...(step.rolledBack && { rolledBack: copyOfActivity(step.rolledBack) }),
  ...(step.approval && { approval: { ...step.approval, votes: [...step.approval.votes] } }),
});

/** A copy of which planning may change everything that it does change; what started the run, and `env`, never change and are shared. */
export const copyOf = (run: RunRecord): RunRecord => ({
  ...run, steps: run.steps.map(copyOfStep), reports: run.reports.map((report) => ({ ...report })), connections: { ...run.connections }, notes: [...run.notes],
});
