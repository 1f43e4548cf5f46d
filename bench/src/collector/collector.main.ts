import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOrders } from '../load/answer-orders.ts';

// Takes spans and throws them away: what is measured is what tracing costs those who send them.
let bytes = 0;
const server = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => { bytes += chunk.length; });
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': 0 }).end());
});
server.listen(0, '127.0.0.1', () => process.send?.({ event: 'listening', port: (server.address() as AddressInfo).port }));
answerOrders({ bytes: () => bytes });
