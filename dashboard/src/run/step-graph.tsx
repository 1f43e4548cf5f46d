/** @jsxImportSource preact */
import { useMemo } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Step } from '../api/run.js';
import { durationOf } from '../ui/format.js';
import { lookOf } from '../ui/states.js';
import { BOX, layOut, pathOf, type Box } from './layout.js';
import { useNarrow } from './use-narrow.js';

const fit = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** The second line of a box. */
const detailOf = (step: Step, now: number): string => {
  const attempt = step.attempts.at(-1);
  const time = attempt ? durationOf(attempt.startedAt, attempt.finishedAt, now) : undefined;
  const what = step.awaits ? ` for ${step.awaits.kind === 'freeze' ? 'the end of a freeze' : step.awaits.kind}` : '';
  return `${lookOf(step.state).label}${what}${time ? ` · ${time}` : ''}`;
};

const StepBox = ({ step, box, now }: { step: Step; box: Box; now: number }): JSX.Element => {
  const look = lookOf(step.state);
  const detail = detailOf(step, now);
  const tries = step.attempts.length > 1 ? `, ${step.attempts.length} attempts` : '';
  const undone = step.rollback ? `, rollback ${lookOf(step.rollback.state).label}` : '';
  return (
    <a href={`#step-${step.name}`} class={`node tone-${look.tone}`} data-step={step.name} data-state={step.state} aria-label={`${step.name}: ${detail}${tries}${undone}`}>
      <g transform={`translate(${box.x} ${box.y})`}>
        <rect width={BOX.width} height={BOX.height} rx="10" />
        <g class={`icon tone-${look.tone}`} transform="translate(15 18)"><path d={look.icon} /></g>
        <text x="40" y="22" class="name">{fit(step.name, 18)}</text>
        <text x="40" y="39" class="detail">{fit(detail, 27)}</text>
        {step.attempts.length > 1 && <text x={BOX.width - 12} y="39" class="detail tries">×{step.attempts.length}</text>}
        {step.rollback && <g class={`icon tone-${lookOf(step.rollback.state).tone}`} transform={`translate(${BOX.width - 24} 8)`}><path d={lookOf('rolling-back').icon} /></g>}
      </g>
    </a>
  );
};

/** The steps and what they wait for. Each box leads to its step below. */
export const StepGraph = ({ steps, now }: { steps: Step[]; now: number }): JSX.Element => {
  const narrow = useNarrow();
  const shape = JSON.stringify(steps.map(({ name, needs }) => ({ name, needs })));
  const layout = useMemo(() => layOut(JSON.parse(shape) as Step[], narrow ? 'TB' : 'LR'), [shape, narrow]);
  const byName = new Map(steps.map((step) => [step.name, step]));
  return (
    <div class="graph" role="group" aria-label="Steps and their order">
      <svg viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height}>
        {layout.edges.map((edge) => <path key={`${edge.from} ${edge.to}`} class={`edge tone-${lookOf(byName.get(edge.from)?.state ?? '').tone}`} d={pathOf(edge.points)} />)}
        {layout.boxes.map((box) => <StepBox key={box.name} step={byName.get(box.name)!} box={box} now={now} />)}
      </svg>
    </div>
  );
};
