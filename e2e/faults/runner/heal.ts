import { checkNats } from '@stellwerk/local-servers';
import type { Rig } from '@stellwerk/testing/rig';

/** Everything as at the start: servers up, lines whole, platforms obliging, every process running and ready. */
export const heal = async (rig: Rig): Promise<void> => {
  for (const proxy of [...rig.lines.all('nats'), ...rig.lines.all('postgres')]) proxy.heal();
  for (const platform of rig.platforms.all) {
    if (rig.options.proxied?.includes('platforms')) rig.lines.before(platform.name).heal();
    await platform.clearFaults();
    await platform.clearHookFaults();
  }
  for (let i = 0; i < rig.nats.size; i += 1) rig.nats.resume(i);
  for (const [i, port] of rig.nats.ports.entries()) await checkNats('127.0.0.1', port).catch(() => rig.nats.restart(i));
  await rig.query('SELECT 1').catch(() => rig.postgres.restart());
  for (const one of rig.processes) if (one.isRunning) one.resume();
  await rig.startAll();
};
