import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver of webhooks that can be away, as ingress can. */
export interface HookDoor {
  readonly url: string;
  /** Delivery ids with what they were answered, in the order of their coming. */
  readonly answers: { guid: string; event: string; status: number }[];
  /** Delivery ids that were taken, pings aside. */
  taken(): string[];
  /** How a webhook is answered; default 202. */
  answer: (guid: string, event: string) => number;
  close(): Promise<void>;
}

export const openHookDoor = async (): Promise<HookDoor> => {
  const answers: HookDoor['answers'] = [];
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      const [guid, event] = [String(request.headers['x-github-delivery']), String(request.headers['x-github-event'])];
      const status = door.answer(guid, event);
      answers.push({ guid, event, status });
      response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const door: HookDoor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    answers,
    taken: () => answers.filter(({ status, event }) => status === 202 && event !== 'ping').map(({ guid }) => guid),
    answer: () => 202,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
  return door;
};
