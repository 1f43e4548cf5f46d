import { AckPolicy, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/bootstrap/root.mjs';
import { startNode, type Child } from '../stack/child.ts';
import { SECRETS } from '../stack/resources.ts';
import { startNats } from '../stack/servers.ts';
import { benchFolder, type System } from '../stack/system.ts';
import { FLOOR_CONSUMER, FLOOR_STREAM, FLOOR_SUBJECT } from './floor.config.ts';

const declare = async (natsUrl: string): Promise<() => Promise<void>> => {
  const connection = await connect({ servers: natsUrl });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: FLOOR_STREAM, subjects: [FLOOR_SUBJECT], storage: StorageType.File, retention: RetentionPolicy.Limits });
  await manager.consumers.add(FLOOR_STREAM, { durable_name: FLOOR_CONSUMER, ack_policy: AckPolicy.Explicit });
  const untilDone = async (): Promise<void> => {
    for (;;) {
      const { num_pending, num_ack_pending } = await manager.consumers.info(FLOOR_STREAM, FLOOR_CONSUMER);
      if (num_pending + num_ack_pending === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return untilDone;
};

/** Two bare processes on the same broker, platform and driver: what any such system costs at least. */
export const startFloor = async ({ syncAlways }: { syncAlways: boolean }): Promise<System> => {
  const folder = await benchFolder();
  const keep = <T extends Child>(child: T): T => (folder.started.push(child), child);
  const node = (name: string, script: string, env: NodeJS.ProcessEnv = {}) =>
    startNode(name, [`bench/src/${script}`], { ...process.env, ...env }, { cwd: ROOT, logFile: join(folder.dir, `${name}.log`) });
  try {
    const nats = keep(await startNats(folder.dir, { syncAlways }));
    const platform = keep(await node('platform', 'platform/platform.main.ts'));
    const driver = keep(await node('driver', 'load/driver.main.ts'));
    const untilDone = await declare(nats.url);
    const env = { NATS_URL: nats.url, FLOOR_SECRET: SECRETS.BENCH_HOOK_SECRET, FLOOR_PLATFORM_URL: `http://127.0.0.1:${platform.listening.port}` };
    const ingress = keep(await node('floor-ingress', 'floor/floor-ingress.main.ts', env));
    const consumer = keep(await node('floor-consumer', 'floor/floor-consumer.main.ts', env));
    return {
      platform, driver, untilDone, check: folder.check, stop: folder.stop, platformPort: platform.listening.port!,
      target: { ports: [ingress.listening.port!], path: '/hooks/github', secret: SECRETS.BENCH_HOOK_SECRET },
      behind: [consumer], mayRepeat: true,
      measured: [nats, platform, driver, ingress, consumer].map(({ name, pid }) => ({ label: name, pid })),
    };
  } catch (error) {
    await folder.stop();
    throw error;
  }
};
