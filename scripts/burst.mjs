// Many changes at once through a running demo: node scripts/burst.mjs [--count 100] [--data .stellwerk] [--status http://127.0.0.1:8081]
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runBurst } from '../libs/simulators/dist/index.js';

const { values } = parseArgs({ options: {
  count: { type: 'string', default: '100' }, data: { type: 'string', default: join(import.meta.dirname, '..', '.stellwerk') },
  status: { type: 'string', default: `http://127.0.0.1:${process.env.STATUS_PORT || 8081}` },
} });
const file = join(resolve(values.data), 'demo', 'demo.json');
if (!existsSync(file)) {
  console.error(`${file} is not there: start the demo first with npm start (and name its --data here too)`);
  process.exit(2);
}
const { ports } = JSON.parse(readFileSync(file, 'utf8'));
const count = Number(values.count);
const result = await runBurst({
  statusUrl: values.status, count, print: (line) => console.log(line),
  simulators: { github: `http://127.0.0.1:${ports.github}`, gitlab: `http://127.0.0.1:${ports.gitlab}` },
});
process.exitCode = result.states.succeeded === count && result.triggers === count ? 0 : 1;
