// Loaded into a service by `--import`: SIGUSR2 begins a profile of the processor, the next one ends it and writes it down.
// `node --cpu-prof` would show the start of the service above all.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

const INTERVAL_MICROSECONDS = 500;
const session = new Session();
let running = false;

process.on('SIGUSR2', async () => {
  if (running) {
    running = false;
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(join(process.env.PROFILE_DIR ?? '.', `${process.env.STELLWERK_SERVICE}.cpuprofile`), JSON.stringify(profile));
    process.send?.({ event: 'profiled' });
    return;
  }
  running = true;
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_MICROSECONDS });
  await session.post('Profiler.start');
  process.send?.({ event: 'profiling' });
});
