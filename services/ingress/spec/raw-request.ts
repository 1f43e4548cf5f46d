import { connect } from 'node:net';

/** Bytes on the wire, for what no client would send; gives all that comes back until the connection is closed. */
export const rawRequest = (url: string, text: string): Promise<string> => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  let answer = '';
  socket.on('data', (chunk) => { answer += chunk.toString(); });
  socket.on('close', () => resolve(answer));
  socket.on('error', reject);
});
