import { CommandFailed } from '../terminal.js';
import type { SignedRequest } from './sign.js';

const TIMEOUT_MS = 30_000;

export interface Sent {
  status: number;
  /** What ingress answered; the text itself when it is no JSON. */
  answer: unknown;
}

/** Sends one signed delivery. Throws CommandFailed when nobody answers. */
export const sendHook = async (url: string, connection: string, { headers, query }: SignedRequest, body: Buffer): Promise<Sent> => {
  const target = new URL(`/hooks/${connection}`, url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  const response = await fetch(target, { method: 'POST', headers, body: new Uint8Array(body), signal: AbortSignal.timeout(TIMEOUT_MS) })
    .catch((error: unknown) => { throw new CommandFailed(`${url} cannot be reached: ${reasonOf(error)} (--url says where ingress is)`); });
  const text = await response.text();
  return { status: response.status, answer: jsonOr(text) };
};

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(error);
};
