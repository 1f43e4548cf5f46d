import { closing, type Counts } from './count-reporter.ts';
import { gates } from './gates.ts';
import { runGates } from './run-gates.ts';
import { runVitest } from './run-vitest.ts';

const say = (line: string): void => console.log(line);
const args = process.argv.slice(2);
const gatesOnly = args.includes('--gates');

const results: Counts[] = [];
if (gatesOnly || args.length === 0) {
  say('· gates …');
  results.push(await runGates(gates(), say));
}
if (!gatesOnly) {
  say('· tests …');
  results.push(await runVitest(['--project', 'unit', '--project', 'int', ...args]));
  say('· end to end …');
  results.push(await runVitest(['--project', 'e2e', '--project', 'e2e-alone', '--passWithNoTests', ...args]));
}
const total: Counts = {
  passed: results.reduce((sum, counts) => sum + counts.passed, 0),
  failed: results.reduce((sum, counts) => sum + counts.failed, 0),
  failures: results.flatMap((counts) => counts.failures),
};
say(`\n${closing(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
