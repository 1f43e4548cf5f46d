import { FOLLOW_ACTION, platformRunKey, type Command } from '@stellwerk/contracts';
import type { Answer, PlanInput } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import type { Answers, Asked } from './answers.js';
import { CannotSimulate } from './cannot-simulate.js';
import type { Followed } from './followed.js';
import { faultOfWith } from './with-faults.js';

/** Of a platform nobody asks more: its runs are known by a name of ours. */
const ORIGIN = 'https://platform.invalid';

/** A run at a platform that will end. */
export interface Waiting {
  key: string;
  answer: Answer;
}

/** What the run is told now, and the platform's run whose end it is told later. */
interface Taken {
  input: PlanInput;
  running?: Waiting;
}

/** What a connector and its platform make of a command, as the test says; a `with` that no connector takes is refused whatever the test says. Throws CannotSimulate. */
export const answerTo = ({ id, command }: { id: string; command: Command }, asked: Asked, { answers, from }: { answers: Answers; from: Followed }): Taken => {
  const fault = faultOf(command);
  if (fault !== undefined) {
    answers.pass(from, asked);
    return { input: { kind: 'rejected', result: { command: id, rejection: 'refused', reason: fault } } };
  }
  const answer = answers.next(from, asked);
  if (answer === 'refused') return { input: { kind: 'rejected', result: { command: id, rejection: 'refused', reason: 'refused, as the test says' } } };
  if (answer === 'unknown') return { input: { kind: 'unknown', result: { command: id, reason: 'unknown, as the test says' } } };
  if (!command.await && answer !== 'success') throw new CannotSimulate(`step ${command.step} does not wait for a run: it can be answered with success, refused or unknown, not with ${answer}`);
  const run = runOf(command, asked, answers.runOf(from, asked));
  const outputs = answers.outputsOf(from, asked);
  const key = platformRunKey(ORIGIN, command.connection, id);
  return {
    input: { kind: 'accepted', result: { command: id, platformRun: { attempt: 1, ...run }, platformRunKey: key, followed: command.await, ...(outputs && { outputs }) } },
    ...(command.await && answer !== 'never' && { running: { key, answer } }),
  };
};

const faultOf = ({ platform, action, with: values }: Command): string | undefined => {
  const schema = actionCatalog[platform].find(({ name }) => name === action);
  return schema && faultOfWith(schema, values);
};

/** The one that a person names is the one that is followed. */
const runOf = ({ action, with: values }: Command, { step, attempt }: Asked, given: { id: string; url?: string } | undefined): { id: string; url?: string } => {
  const run = given ?? { id: `${step}-${attempt}`, url: `${ORIGIN}/${step}/${attempt}` };
  return action === FOLLOW_ACTION ? { ...run, id: String(values.run) } : run;
};

/** The end of the platform's run. */
export const endOf = ({ key, answer }: Waiting, now: Date): PlanInput =>
  ({ kind: 'platform-run', state: { key, predicate: 'finished', attempt: 1, at: now.toISOString(), outcome: answer as Exclude<Answer, 'refused' | 'unknown' | 'never'> } });
