import type { Cost } from '../sections/cost.ts';

const fixed = (value: number, digits = 2): string => value.toFixed(digits);

/** As lines of text for a terminal. */
export const costLines = ({ set, cpuMs, idleMs, statements, flows, rate, triggerMs, drainSeconds, profile }: Cost): string[] => {
  const rows = Object.entries(cpuMs).sort(([, a], [, b]) => b - a);
  const total = rows.reduce((sum, [, ms]) => sum + ms, 0);
  const apart = rows.filter(([name]) => name !== 'driver' && name !== 'platform').reduce((sum, [, ms]) => sum + ms, 0);
  return [
    `${flows} flows (${set}) at ${rate}/s, all was done ${fixed(drainSeconds, 1)} s after the last webhook`,
    '', '| process | CPU-ms a flow | CPU-ms/s idle |', '|---|---:|---:|',
    ...rows.map(([name, ms]) => `| ${name} | ${fixed(ms)} | ${fixed(idleMs[name] ?? 0, 1)} |`),
    `| all without driver and platform | ${fixed(apart)} | |`, `| all | ${fixed(total)} | |`,
    '', `statements a flow: ${fixed(statements.calls / flows, 1)}, commits ${fixed(statements.commits / flows, 2)}`,
    '', '| calls a flow | ms a flow | statement |', '|---:|---:|---|',
    ...statements.top.map(({ calls, ms, text }) => `| ${fixed(calls / flows)} | ${fixed(ms / flows, 3)} | ${text.replaceAll('|', '\\|').slice(0, 140)} |`),
    '', `hook → trigger: p50 ${fixed(triggerMs.p50, 0)} ms, p99 ${fixed(triggerMs.p99, 0)} ms (tells something on a quiet machine only)`,
    ...(profile ? ['', 'profile, own CPU-ms a flow', ...part('package', profile.groups), ...part('function', profile.functions)] : []),
  ];
};

const part = (what: string, lines: readonly { name: string; ms: number }[]): string[] =>
  ['', `| own ms a flow | ${what} |`, '|---:|---|', ...lines.map(({ name, ms }) => `| ${fixed(ms, 3)} | ${name} |`)];
