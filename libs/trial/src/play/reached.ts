import { BY_HAND } from '@stellwerk/contracts';
import { atTime, CONDITION_FALSE, explainFlow, type Flow, type ResourceSet, type RunRecord, type Trigger } from '@stellwerk/flows';
import type { Simulated, ToldEvent } from './simulate.js';

/** A part of a flow that no test has shown to work. */
export interface NotReached {
  file: string;
  flow: string;
  /** In words: `trigger 2`, `step deploy`, `if of step deploy`. */
  part: string;
  /** What did not happen. */
  never: 'started it' | 'began' | 'asked' | 'true' | 'false';
}

type Answer = 'true' | 'false';

const START_BY_HAND = 'start by hand';

/** What the tests have reached so far. */
export class Reached {
  readonly #parts = new Set<string>();
  readonly #answers = new Map<string, Set<Answer>>();

  add({ events, runs }: Simulated, { flows }: ResourceSet): void {
    for (const told of events) for (const flow of Object.values(flows)) this.#asked(flow, told);
    for (const { flow, record } of runs) this.#ran(flow, record);
  }

  /** By flow, in the order of the file. */
  missing({ flows }: ResourceSet): NotReached[] {
    return Object.values(flows).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((flow) => [...this.#triggers(flow), ...this.#steps(flow)]);
  }

  /** The `if` of a trigger is asked when its filters take the event, and no trigger before it did. */
  #asked(flow: Flow, { event, at }: ToldEvent): void {
    for (const { trigger, takes, conditions } of atTime(at, () => explainFlow(flow, event)).triggers) {
      if (startedOtherwise(flow.on[trigger]!)) continue;
      const filters = conditions.filter(({ condition }) => condition !== 'if');
      const ownIf = conditions.find(({ condition }) => condition === 'if');
      if (ownIf && filters.every(({ holds }) => holds)) this.#answer(partOf(flow, `if of trigger ${trigger + 1}`), ownIf.holds ? 'true' : 'false');
      if (takes) return;
    }
  }

  #ran(flow: Flow, record: RunRecord): void {
    this.#parts.add(partOf(flow, record.trigger === BY_HAND ? START_BY_HAND : `trigger ${record.trigger + 1}`));
    for (const step of record.steps) {
      const { name, run, rollback } = step;
      const began = hasBegun(step);
      if (began) this.#parts.add(partOf(flow, `step ${name}`));
      if (began || run.reason === CONDITION_FALSE) this.#answer(partOf(flow, `if of step ${name}`), began ? 'true' : 'false');
      // It was asked, and gave neither.
      else if (endedInError(step)) this.#answer(partOf(flow, `if of step ${name}`));
      if (rollback && rollback.attempts.length > 0) this.#parts.add(partOf(flow, `rollback of step ${name}`));
    }
  }

  #answer(part: string, answer?: Answer): void {
    const answers = this.#answers.get(part) ?? new Set<Answer>();
    this.#answers.set(part, answer === undefined ? answers : answers.add(answer));
  }

  #triggers(flow: Flow): NotReached[] {
    return [
      ...flow.on.flatMap((trigger, at) => [
        ...this.#part(flow, `trigger ${at + 1}`, 'started it'),
        ...(trigger.if === undefined ? [] : this.#condition(flow, `if of trigger ${at + 1}`)),
      ]),
      // Every flow can be started by hand; who declares inputs means it.
      ...(flow.inputs ? this.#part(flow, START_BY_HAND, 'started it') : []),
    ];
  }

  #steps(flow: Flow): NotReached[] {
    return flow.steps.flatMap((step) => [
      ...(step.if === undefined ? [] : this.#condition(flow, `if of step ${step.name}`)),
      ...this.#part(flow, `step ${step.name}`, 'began'),
      ...(step.rollback ? this.#part(flow, `rollback of step ${step.name}`, 'began') : []),
    ]);
  }

  #part(flow: Flow, part: string, never: NotReached['never']): NotReached[] {
    return this.#parts.has(partOf(flow, part)) ? [] : [{ file: flow.file, flow: flow.name, part, never }];
  }

  #condition(flow: Flow, part: string): NotReached[] {
    const answers = this.#answers.get(partOf(flow, part));
    const missing: NotReached['never'][] = answers ? (['true', 'false'] as const).filter((answer) => !answers.has(answer)) : ['asked'];
    return missing.map((never) => ({ file: flow.file, flow: flow.name, part, never }));
  }
}

/** Their conditions are those of parts. */
const startedOtherwise = ({ schedule, absent, all }: Trigger): boolean => (schedule ?? absent ?? all) !== undefined;

/** Also when it only waited, or could not be asked for: its environment refused it, or its `with` could not be rendered. */
const hasBegun = ({ run: { attempts, state, reason }, startedAt }: RunRecord['steps'][number]): boolean =>
  attempts.length > 0 || startedAt !== undefined || state === 'waiting' || (state === 'failed' && reason?.startsWith('if: ') !== true);

const endedInError = ({ run: { state, reason } }: RunRecord['steps'][number]): boolean => state === 'failed' && reason?.startsWith('if: ') === true;

const partOf = (flow: Flow, part: string): string => `${flow.name}\n${part}`;
