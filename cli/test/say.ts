import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runCli } from '../src/run-cli.js';
import type { Terminal } from '../src/terminal.js';

/** What one command line gives, with this server as the API of status; what it writes to stdout is in lines. */
export const say = async (server: Server, args: readonly string[], more: Partial<Terminal> = {}) => {
  const said = { code: -1, out: [] as string[], err: [] as string[] };
  said.code = await runCli([...args, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], {
    out: (text) => said.out.push(...text.split('\n')), err: (text) => said.err.push(text), ...more,
  });
  return said;
};
