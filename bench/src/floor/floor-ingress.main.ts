import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOrders } from '../load/answer-orders.ts';
import { FLOOR_SUBJECT, floorConfig } from './floor.config.ts';

// The least that a receiver can do and still keep its word: check the signature, have the broker confirm, say 202.
const { natsUrl, secret } = floorConfig();
const js = jetstream(await connect({ servers: natsUrl }));

const isSigned = (body: Buffer, signature: string): boolean => {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

const take = async (request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> => {
  if (!isSigned(body, String(request.headers['x-hub-signature-256']))) return void response.writeHead(401).end();
  const id = String(request.headers['x-github-delivery']);
  await js.publish(FLOOR_SUBJECT, body, { msgID: id });
  const text = JSON.stringify({ id, duplicate: false });
  response.writeHead(202, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  request.on('end', () => {
    take(request, response, Buffer.concat(chunks)).catch((error: unknown) => {
      console.error(error);
      response.writeHead(503, { 'content-length': 0 }).end();
    });
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ event: 'listening', port: (server.address() as AddressInfo).port }));
answerOrders({});
