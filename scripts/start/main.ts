import { ROOT } from '../bootstrap/root.mjs';
import { chooseDoors } from './doors.ts';
import { DataDir } from './data-dir.ts';
import { lockData } from './data-lock.ts';
import { StartFailed } from './errors.ts';
import { parseOptions } from './options.mjs';
import { startConfig } from './start.config.ts';
import { startStellwerk } from './start-stellwerk.ts';
import { stopRequest } from './stop-request.ts';
import { Supervisor } from './supervisor.ts';

const say = (line: string): void => console.log(`· ${line}`);

const run = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2), process.cwd());
  if ('fault' in options) throw new StartFailed(options.fault);
  const stop = stopRequest();
  const config = startConfig();
  const data = new DataDir(options.data);
  const release = lockData(options.data);
  const supervisor = new Supervisor(data, say);
  try {
    await supervisor.cleanUp();
    const doors = await chooseDoors(config);
    const setting = { root: ROOT, configDir: options.config, config, data, doors, supervisor, say, signal: stop.signal };
    const demo = await stop.or(startStellwerk(setting));
    await stop.or(demo?.play(stop.signal) ?? Promise.resolve());
    if (!stop.signal.aborted) console.log(`Stellwerk is ready: hooks ${doors.ingressUrl}/hooks/<connection>, dashboard ${doors.statusUrl}`);
    await stop.requested;
    say('stopping …');
    return 0;
  } finally {
    await supervisor.stop();
    release();
  }
};

try {
  process.exit(await run());
} catch (error) {
  console.error(error instanceof StartFailed ? error.message : error);
  process.exit(error instanceof StartFailed ? error.exitCode : 1);
}
