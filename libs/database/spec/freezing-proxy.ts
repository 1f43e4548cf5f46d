import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface FreezingProxy {
  url: string;
  /** Connections there are now stay open and say nothing any more; new ones work. */
  freeze(): void;
  close(): Promise<void>;
}

/** A TCP proxy before a database whose connections can become half-open. */
export async function startProxy(target: string): Promise<FreezingProxy> {
  const { hostname, port } = new URL(target);
  const pairs: [Socket, Socket][] = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    pairs.push([near, far]);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.toString(),
    freeze: () => pairs.forEach(([near, far]) => { near.unpipe(far); far.unpipe(near); near.pause(); }),
    close: async () => {
      pairs.flat().forEach((socket) => socket.destroy());
      await new Promise<void>((resolve) => { server.close(() => resolve()); });
    },
  };
}
