// `npm run faults`; see --help.
import { fileURLToPath } from 'node:url';
import { HELP, parseOptions, type FaultOptions } from './runner/options.ts';
import { tableOf, writeReport } from './runner/report.ts';
import { runSuite } from './runner/run-suite.ts';
import { SCENARIOS } from './scenarios/index.ts';
import type { Scenario } from './scenario.ts';
import { readOptions } from './tools/read-options.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const chosen = ({ only, quick }: FaultOptions): Scenario[] => {
  const missing = only?.filter((number) => !SCENARIOS.some((scenario) => scenario.number === number)) ?? [];
  if (missing.length > 0) throw new Error(`no scenario ${missing.join(', ')}; see --list`);
  return SCENARIOS.filter((scenario) => (only ? only.includes(scenario.number) : !quick || scenario.quick));
};

const run = async (options: FaultOptions): Promise<number> => {
  const say = (line: string): void => (options.json ? console.error(line) : console.log(line));
  const began = Date.now();
  const scenarios = chosen(options);
  say(`seed ${options.seed}, ${scenarios.length} scenarios`);
  const results = await runSuite(scenarios, { seed: options.seed, full: !options.quick, say });
  const seconds = Math.round((Date.now() - began) / 1_000);
  if (options.json) console.log(JSON.stringify(results, null, 2));
  else say(`\n${tableOf(results)}\n`);
  if (options.write) say(`written to ${writeReport(ROOT, results, seconds)}`);
  const broken = results.filter(({ violations }) => violations.length > 0);
  const notRun = results.filter(({ did, notRun: parts }) => did === '' && parts.length > 0).length;
  say(`${results.length - broken.length - notRun} held, ${broken.length} broken${notRun > 0 ? `, ${notRun} not run` : ''}, ${seconds} s`);
  return broken.length === 0 ? 0 : 1;
};

const listed = (scenarios: readonly Scenario[]): string =>
  scenarios.map(({ number, title, quick }) => `${String(number).padStart(2)} ${title}${quick ? ' (npm test)' : ''}`).join('\n');

const options = readOptions(() => {
  const read = parseOptions(process.argv.slice(2));
  chosen(read);
  return read;
}, HELP);
if (options === 2) process.exitCode = 2;
else if (options.help || options.list) console.log(options.help ? HELP : listed(chosen(options)));
else process.exitCode = await run(options);
