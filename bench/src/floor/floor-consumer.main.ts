import { jetstream, type JsMsg } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Agent, request } from 'node:http';
import { answerOrders } from '../load/answer-orders.ts';
import { FLOOR_CONSUMER, FLOOR_STREAM, floorConfig } from './floor.config.ts';

/** As many at a time as a connector of ours handles. */
const SLOTS = 16;
const { natsUrl, platformUrl } = floorConfig();
const agent = new Agent({ keepAlive: true });

const call = (body: string): Promise<void> => new Promise((resolve, reject) => {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), authorization: 'Bearer none' };
  const sent = request(`${platformUrl}/repos/acme/shop/actions/workflows/deploy.yml/dispatches`, { method: 'POST', agent, headers }, (response) => {
    response.resume();
    response.once('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`the platform answers ${response.statusCode}`))));
  });
  sent.once('error', reject);
  sent.end(body);
});

const handle = async (message: JsMsg): Promise<void> => {
  const { workflow_run: run } = message.json<{ workflow_run: { id: number } }>();
  await call(JSON.stringify({ ref: 'main', inputs: { origin: String(run.id) }, return_run_details: true }));
  message.ack();
};

const consumer = await jetstream(await connect({ servers: natsUrl })).consumers.get(FLOOR_STREAM, FLOOR_CONSUMER);
process.send?.({ event: 'listening' });
answerOrders({});
const messages = await consumer.consume({ max_messages: SLOTS });
const working = new Set<Promise<void>>();
for await (const message of messages) {
  const work = handle(message).finally(() => working.delete(work));
  working.add(work);
  if (working.size >= SLOTS) await Promise.race(working);
}
