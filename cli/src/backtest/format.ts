import { backtestReport, type Backtest, type Change, type FlowResult, type NotPlayed } from '@stellwerk/trial';
import { block } from '../api/table.js';

const WORDS: Readonly<Record<Change['change'], string>> = { starts: 'would start', vanishes: 'would not start any more', differs: 'would begin otherwise' };

/** Each flow with a few of the runs that would be others. */
export const asText = ({ results, changes, events, notPlayed }: Backtest, examples: number): string[] => [
  ...results.filter(isChanged).flatMap((result) => [
    `${result.flow}: ${counts(result)}`,
    ...(['starts', 'vanishes', 'differs'] as const).flatMap((change) => changes.filter((one) => one.flow === result.flow && one.change === change).slice(0, examples).flatMap(ofChange)),
  ]),
  ...notPlayed.map(({ flow, trigger, kind }) => `${flow}: nothing is said of trigger ${trigger + 1} (${kind}): ${NOT_PLAYED[kind]}`),
  `${events} events: ${total(results)}`,
];

const NOT_PLAYED: Readonly<Record<NotPlayed['kind'], string>> = {
  schedule: 'a clock starts it', absent: 'events that do not come start it', all: 'several events start it together; `stellwerk test` plays them',
};

const isChanged = ({ starts, vanishes, differs }: FlowResult): boolean => starts + vanishes + differs > 0;

const counts = ({ same, starts, vanishes, differs }: FlowResult): string =>
  [[starts, WORDS.starts], [vanishes, WORDS.vanishes], [differs, WORDS.differs], [same, 'stay as they are']].filter(([count]) => count !== 0).map(([count, words]) => `${count} ${words}`).join(', ');

const total = (results: readonly FlowResult[]): string => {
  const sum = results.reduce((one, other) => ({
    flow: '', same: one.same + other.same, starts: one.starts + other.starts, vanishes: one.vanishes + other.vanishes, differs: one.differs + other.differs,
  }), { flow: '', same: 0, starts: 0, vanishes: 0, differs: 0 });
  return counts(sum) || 'no run of any flow';
};

const ofChange = ({ change, event, differences }: Change): string[] => [
  `  ${WORDS[change]}: ${event}`,
  ...differences.map(({ path, before, after }) => `    ${path}: ${change === 'differs' ? `${before ?? 'absent'} → ${after ?? 'absent'}` : (after ?? before)!}`),
].flatMap((line) => block(line).map((text) => text.slice(2)));

export const asJson = (backtest: Backtest): string => JSON.stringify(backtestReport(backtest), null, 2);
