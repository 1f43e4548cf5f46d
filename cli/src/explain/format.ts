import type { ConditionExplanation, TriggerExplanation, ValueRead } from '@stellwerk/contracts';
import { block } from '../api/table.js';
import type { Explained, Explanation } from './explain.js';

/** Texts from outside must not steer the terminal. */
const plain = (text: string): string => block(text).map((line) => line.trim()).join(' ');

/** What people read; `all`: also the conditions that hold. */
export const asText = ({ event, items }: Explanation, all: boolean): string[] => {
  const about = [event.type, event.connection, event.repository, event.branch ?? event.tag, event.sha?.slice(0, 12), event.outcome].filter((text) => text !== undefined);
  const matched = items.filter((item) => item.matched !== undefined);
  return [
    plain(`${event.id}: ${about.join(', ')}`),
    ...[...matched, ...items.filter((item) => item.matched === undefined)].flatMap((item) => ofFlow(item, all)),
    `${matched.length} of ${items.length} flows ${matched.length === 1 ? 'takes' : 'take'} it`,
  ];
};

const ofFlow = (item: Explained, all: boolean): string[] => {
  const head = item.matched === undefined ? `no   ${item.flow}` : `yes  ${item.flow}: trigger ${item.matched + 1}${runOf(item)}`;
  return [head, ...(item.matched !== undefined && !all ? [] : item.triggers.flatMap((trigger) => ofTrigger(trigger, all))), ...(item.more === undefined ? [] : [`       and ${item.more} more triggers`])];
};

const runOf = ({ run }: Explained): string => {
  if (!run) return '';
  return run.state === null ? ', no run of it is known' : `, run ${run.id} is ${run.state}`;
};

const ofTrigger = ({ trigger, conditions }: TriggerExplanation, all: boolean): string[] => [
  `     trigger ${trigger + 1}`,
  ...conditions.filter(({ holds }) => all || !holds).flatMap(ofCondition),
];

const ofCondition = ({ part, condition, expected, holds, message, saw }: ConditionExplanation): string[] => {
  const what = holds ? `${condition}: ${expected.map((text) => (condition === 'if' ? text : JSON.stringify(text))).join(', ')}` : `${condition}: ${message ?? 'does not hold'}`;
  return [plain(`${holds ? 'yes' : 'no'} ${part === undefined ? '' : `${part}, `}${what}`), ...(condition === 'if' ? saw.map((read) => `    ${plain(valueOf(read))}`) : [])].map((line) => `       ${line}`);
};

const valueOf = ({ expression, value, error }: ValueRead): string => {
  if (error !== undefined) return `${expression}: ${error}`;
  return value === undefined ? `${expression} is absent` : `${expression} = ${value}`;
};
