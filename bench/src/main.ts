import { HELP, parseOptions, type Options } from './options.ts';
import { costLines } from './report/cost-table.ts';
import { busyShare, environment } from './report/environment.ts';
import { Findings } from './report/figures.ts';
import { markdown } from './report/markdown.ts';
import { writeResults } from './report/write-results.ts';
import { createContext } from './sections/context.ts';
import { measureCost } from './sections/cost.ts';
import { MEASURES } from './sections/index.ts';

const began = Date.now();
const minutes = (): number => (Date.now() - began) / 60_000;
const say = (line: string): void => console.error(`· ${minutes().toFixed(1).padStart(5)} min  ${line}`);

const cost = async ({ cost: { three, ...rest }, json }: Options): Promise<void> => {
  const found = await measureCost({ ...rest, set: three ? 'three-steps' : 'one-step', say });
  console.log(json ? JSON.stringify(found, undefined, 2) : costLines(found).join('\n'));
};

/** One that fails does not take the others with it; its name and reason are in the result. */
const measure = async (options: Options): Promise<number> => {
  const before = await environment();
  const findings = new Findings();
  const context = createContext(findings, options, say);
  let failed = 0;
  for (const name of options.sections) {
    if (name === 'cost') continue;
    await MEASURES[name].measure(context).catch((error: unknown) => {
      failed += 1;
      console.error(error);
      findings.figure({ section: name, what: 'it failed', value: Number.NaN, unit: '', note: error instanceof Error ? error.message : String(error) });
    });
  }
  const of = { ...before, busyAfter: await busyShare() };
  const { figures, costs, profiles } = findings;
  const results = { environment: of, minutes: minutes(), figures, costs, profiles };
  console.log(options.json ? JSON.stringify(results, undefined, 2) : markdown(findings, of, results.minutes));
  if (options.write) for (const path of await writeResults(results, options.sections)) say(`written: ${path}`);
  return failed === 0 ? 0 : 1;
};

const run = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  if (options.sections.includes('cost')) await cost(options);
  return options.sections.every((name) => name === 'cost') ? 0 : measure(options);
};

try {
  process.exit(await run());
} catch (error) {
  console.error(error instanceof Error && error.message.startsWith('--') ? `${error.message}\n\n${HELP}` : error);
  process.exit(1);
}
