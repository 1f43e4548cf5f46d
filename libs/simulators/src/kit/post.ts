import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** GitHub and GitLab both give up after ten seconds. */
const TIMEOUT_MILLISECONDS = 10_000;
const ANSWER_CHARACTERS = 1000;

export interface Posted {
  status?: number;
  /** What was answered, or why there was no answer. */
  answer: string;
}

/** POSTs to one address over connections that are kept; redirects are answers. */
export class Poster {
  private readonly agent: HttpAgent;
  private readonly send: (options: RequestOptions) => ReturnType<typeof httpRequest>;

  constructor(private readonly url: string) {
    const secure = new URL(url).protocol === 'https:';
    this.agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
    this.send = (options) => (secure ? httpsRequest : httpRequest)(url, options);
  }

  /** Never rejects. */
  post(headers: Record<string, string>, body: string): Promise<Posted> {
    return new Promise((resolve) => {
      const fail = (error: Error): void => resolve({ answer: reasonOf(error) });
      const request = this.send({
        method: 'POST',
        agent: this.agent,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      request.once('error', fail);
      request.once('response', (response) => void textOf(response).then((answer) => resolve({ status: response.statusCode, answer }), fail));
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

const textOf = async (response: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return text.slice(0, ANSWER_CHARACTERS);
};

const reasonOf = (error: Error): string => {
  const root = error instanceof AggregateError ? (error.errors[0] as Error) : error.cause instanceof Error ? error.cause : error;
  return `${root.name}: ${root.message}`;
};
