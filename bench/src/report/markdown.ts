import type { SectionName } from '../options.ts';
import type { ProfileLine } from '../measure/profile.ts';
import { MEASURES } from '../sections/index.ts';
import type { Environment } from './environment.ts';
import { ownCost, type CostLine, type Figure, type Found, type ProfileTable } from './figures.ts';

/** Above this, others worked too, and times on the wall are theirs as well. */
const QUIET = 0.05;

const number = (value: number | undefined): string => {
  if (value === undefined || Number.isNaN(value)) return '–';
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
};

const reached = ({ target, value, note }: Figure): string => {
  if (!target) return '';
  return target.reached ? 'reached' : `**not reached**${Number.isNaN(value) && note ? ` (${note})` : ''}`;
};

const line = (figure: Figure): string => {
  const { what, value, unit, floor, target, note } = figure;
  const shown = Number.isNaN(value) ? (note ?? '–') : `${number(value)} ${unit}`.trim() + (note ? ` (${note})` : '');
  const ratio = floor === undefined || Number.isNaN(value) ? '' : number(value / floor);
  return `| ${what} | ${ratio} | ${shown} | ${floor === undefined ? '' : `${number(floor)} ${unit}`.trim()} | ${target?.text ?? ''} | ${reached(figure)} |`;
};

const figureTable = (figures: readonly Figure[]): string[] =>
  ['| | of the floor | Stellwerk | floor | target | |', '|---|---:|---:|---:|---|---|', ...figures.map(line)];

const costTable = (costs: readonly CostLine[]): string[] => {
  const labels = [...new Set(costs.flatMap(({ cpuMs }) => Object.keys(cpuMs)))];
  return [
    `| CPU-ms | all but driver, platform | ${labels.join(' | ')} |`, `|---|---:|${'---:|'.repeat(labels.length)}`,
    ...costs.map(({ what, cpuMs }) => `| ${what} | ${number(ownCost(cpuMs))} | ${labels.map((label) => number(cpuMs[label])).join(' | ')} |`),
  ];
};

const profileTable = ({ service, summary: { groups, functions } }: ProfileTable): string[] => {
  const cells = (line: ProfileLine | undefined): string => (line ? `${line.ms.toFixed(3)} | \`${line.name}\`` : ' | ');
  return ['', `**${service}**`, '', '| own ms a flow | package | own ms a flow | function |', '|---:|---|---:|---|', ...functions.map((line, at) => `| ${cells(groups[at])} | ${cells(line)} |`)];
};

const section = (name: Exclude<SectionName, 'cost'>, { figures, costs, profiles }: Found): string[] => {
  if (name === 'profiles' && profiles.length > 0) return ['', `### ${MEASURES[name].title}`, ...profiles.flatMap(profileTable)];
  const own = figures.filter((figure) => figure.section === name);
  if (own.length === 0) return [];
  const cost = costs.filter((line) => line.section === name);
  return ['', `### ${MEASURES[name].title}`, '', ...figureTable(own), ...(cost.length > 0 ? ['', ...costTable(cost)] : [])];
};

const quiet = (busy: number): string[] => {
  const share = `${(busy * 100).toFixed(0)} % busy while nothing of this ran`;
  return [busy < QUIET ? `The machine was quiet (${share}).` : `**Others used the machine (${share}): believe the processor times, not the clock.**`];
};

const where = (of: Environment, minutes: number): string[] => [
  `Measured ${of.date.slice(0, 16).replace('T', ' ')} UTC in ${minutes.toFixed(0)} minutes: ${of.processor}, ${of.processors} processors shared by everything (driver, platform, servers, services), ${of.memoryGigabytes} GB, Linux ${of.kernel};`,
  `Node ${of.node}, nats-server ${of.nats}, PostgreSQL ${of.postgres}, commit ${of.commit}.`,
  ...quiet(Math.max(of.busyBefore, of.busyAfter ?? 0)),
];

const targets = ({ figures }: Found): string => {
  const all = figures.flatMap(({ target }) => (target ? [target.reached] : []));
  return `${all.filter(Boolean).length} of ${all.length} targets reached.`;
};

/** Everything that was found, as Markdown. */
export const markdown = (findings: Found, of: Environment, minutes: number): string => [
  ...where(of, minutes), '', targets(findings),
  ...(Object.keys(MEASURES) as Exclude<SectionName, 'cost'>[]).flatMap((name) => section(name, findings)),
].join('\n');
