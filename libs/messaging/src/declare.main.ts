import { connect } from '@nats-io/transport-node';
import { ConfigFault, messageOf } from '@stellwerk/service-kit';
import { natsOptions } from './connection.js';
import { declareSettings } from './messaging.config.js';
import { declareTopology } from './topology.js';

const REACH_MS = 15_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const settings = declareSettings();
  const where = settings.url.replace(/\/\/[^@/]*@/, '//');
  const giveUp = setTimeout(() => {
    process.stderr.write(`NATS at ${where} cannot be reached (waited ${REACH_MS / 1_000} s)\n`);
    process.exit(1);
  }, REACH_MS);
  const connection = await connect(natsOptions(settings));
  clearTimeout(giveUp);
  await declareTopology(connection, { replicas: settings.replicas, onLine: say });
  await connection.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`declare: ${messageOf(error)}\n`);
  process.exit(error instanceof ConfigFault ? 2 : 1);
});
