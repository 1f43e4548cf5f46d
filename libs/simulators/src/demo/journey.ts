import type { AttemptSeen, RunSeen } from './views.js';

/** One thing that happened on the way of a change. */
export interface Moment {
  /** Known once and for all, so that each is told once. */
  key: string;
  /** ISO 8601; undefined when nobody wrote it down. */
  at: string | null;
  what: string;
  text: string;
  link?: string | null;
}

/** Everything a run tells so far, in the order it happened. `accepted`: when a platform took its run, by the run's id. */
export const momentsOf = (run: RunSeen, runUrl: string, accepted: ReadonlyMap<string, string> = new Map()): Moment[] => [
  { key: 'flow', at: run.createdAt, what: 'flow', text: `"${run.flow}" matched, run ${run.id}`, link: runUrl },
  ...inOrder(
    run.steps.flatMap((step) => [
      ...step.attempts.flatMap((attempt) => attemptMoments(step.name, step.uses ?? '', attempt, accepted)),
      ...(step.rollback?.attempts ?? []).flatMap((attempt) => attemptMoments(`${step.name} rollback`, 'rollback', attempt, accepted)),
      ...(['skipped', 'unknown'].includes(step.state)
        ? [
            {
              key: `${step.name} ${step.state}`,
              at: step.finishedAt ?? null,
              what: step.name,
              text: [step.state, step.reason].filter(Boolean).join(': '),
            },
          ]
        : []),
    ]),
  ),
];

/** `  +1.234 s  scan      triggered …`: times count from the hook. */
export const momentLine = ({ at, what, text, link }: Moment, start: number): string => {
  const seconds = at === null ? '' : `+${Math.max(0, (Date.parse(at) - start) / 1000).toFixed(3)} s`;
  return `${seconds.padStart(11)}  ${what.padEnd(15)} ${text}${link ? `  ${link}` : ''}`;
};

const attemptMoments = (name: string, uses: string, attempt: AttemptSeen, accepted: ReadonlyMap<string, string>): Moment[] => {
  const again = attempt.number > 1 ? ` (attempt ${attempt.number})` : '';
  const triggered = attempt.run
    ? [
        {
          key: `${name} ${attempt.number} triggered`,
          at: accepted.get(attempt.run.id) ?? attempt.startedAt,
          what: name,
          text: `triggered: ${uses} → ${attempt.run.id}${again}`,
          link: attempt.run.url,
        },
      ]
    : [];
  const ended =
    attempt.finishedAt === null
      ? []
      : [
          {
            key: `${name} ${attempt.number} ended`,
            at: attempt.finishedAt,
            what: name,
            text: [attempt.outcome ?? attempt.state, attempt.reason].filter(Boolean).join(': ') + again,
          },
        ];
  return [...triggered, ...ended];
};

const inOrder = (moments: Moment[]): Moment[] => [...moments].sort((left, right) => (left.at ?? '').localeCompare(right.at ?? ''));
