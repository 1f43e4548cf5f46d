import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { endsOf, refusedBetween, underLoad, wait } from '../tools/load.ts';
import { ROOT } from '../tools/broker.ts';

const TELEMETRY = `--import ${ROOT}libs/service-kit/telemetry.mjs`;
/** A process ends within its grace, whether or not anybody takes its spans. */
const END_MS = 20_000;

/** A collector that takes every connection and never says a word. */
const mute = async (): Promise<{ url: string; server: Server; connections: () => number }> => {
  let connections = 0;
  const server = createServer((socket) => { connections += 1; socket.on('error', () => undefined).resume(); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, connections: () => connections };
};

/** Who watches must not hold up who works. */
export const telemetryAway: Scenario = {
  number: 33,
  title: 'telemetry collector away or hanging',
  setup: SINGLE,
  async run({ rig, full, check, did, quiet }) {
    const collector = await mute();
    const done: string[] = [];
    try {
      for (const [what, url] of [['hanging', collector.url], ['away', 'http://127.0.0.1:9']] as const) {
        for (const one of rig.processes) await one.restart({ gently: true, env: { NODE_OPTIONS: TELEMETRY, OTEL_EXPORTER_OTLP_ENDPOINT: url } });
        await rig.front.refresh();
        const counts = rig.driver.ledger.counts();
        const sent = await underLoad(rig.driver, { flows: ['one', 'scan', 'line'], perSecond: 8, repeat: true }, () => wait(full ? 20_000 : 8_000));
        const refused = refusedBetween(counts, rig.driver.ledger.counts());
        check(refused === 0, `${what}: ${refused} times a webhook was refused`);
        await quiet();
        const ends = await endsOf(rig, sent);
        check(ends.succeeded === sent.length, `${what}: runs ended ${JSON.stringify(ends)}`);
        const began = Date.now();
        const codes = await Promise.all(rig.processes.map((one) => one.term()));
        check(codes.every((code) => code === 0), `${what}: exit codes ${codes.join(', ')}`);
        check(Date.now() - began < END_MS, `${what}: the processes took ${Math.round((Date.now() - began) / 1_000)} s to end`);
        await rig.startAll();
        done.push(`${what} (${sent.length} webhooks, all ended within ${Math.round((Date.now() - began) / 1_000)} s)`);
      }
      check(collector.connections() > 0, 'nobody tried to send a span: the scenario proved nothing');
    } finally {
      collector.server.close();
    }
    did(`full tracing to a collector that is ${done.join(', then ')}`);
  },
};
