// `npm run soak`; see --help.
import { fileURLToPath } from 'node:url';
import { startRig, type Rig } from '@stellwerk/testing/rig';
import { readOptions } from '../tools/read-options.ts';
import { HELP, parseSoakOptions, type SoakOptions } from './options.ts';
import { summaryOf, writeSoak } from './report.ts';
import { SOAK } from './setup.ts';
import { soak } from './soak.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Each process dies about every three minutes. */
const KILL_EVERY_MS = 15_000;

const commandOf = ({ events, seed, minutes, rate }: SoakOptions): string =>
  ['npm run soak --', `--events ${events}`, `--seed ${seed}`, ...(minutes === undefined ? [] : [`--minutes ${minutes}`]), ...(rate === undefined ? [] : [`--rate ${rate}`])].join(' ');

const serversOf = async (rig: Rig): Promise<Record<string, string>> => {
  const [row] = await rig.query<{ server_version: string }>('SHOW server_version');
  return { 'nats-server': (await rig.nats.connection()).info?.version ?? 'unknown', PostgreSQL: row!.server_version };
};

const run = async (options: SoakOptions): Promise<number> => {
  const say = (line: string): void => (options.json ? console.error(line) : console.log(line));
  say(`seed ${options.seed}: starting the services …`);
  const rig = await startRig({ ...SOAK.options, seed: options.seed });
  try {
    const result = await soak(rig, { ...options, seconds: options.minutes && options.minutes * 60, killEveryMs: KILL_EVERY_MS, say });
    if (options.json) console.log(JSON.stringify(result));
    else say(`\n${summaryOf(result)}\n`);
    if (options.write) say(`written to ${writeSoak(ROOT, result, commandOf(options), await serversOf(rig))}`);
    say(`${result.lost} lost, ${result.doubled} doubled, ${result.faults.length} faults`);
    if (result.faults.length > 0) say(`logs, journals and ledger stay in ${rig.keep()}`);
    return result.faults.length === 0 ? 0 : 1;
  } catch (error) {
    say(`it broke: ${error instanceof Error ? error.message : String(error)}\nlogs, journals and ledger stay in ${rig.keep()}`);
    return 1;
  } finally {
    await rig.close();
  }
};

const options = readOptions(() => parseSoakOptions(process.argv.slice(2)), HELP);
if (options === 2) process.exitCode = 2;
else if (options.help) console.log(HELP);
else process.exitCode = await run(options);
