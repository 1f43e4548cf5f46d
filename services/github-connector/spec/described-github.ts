import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createInstance, getHttpOperationsFromSpec, ProblemJsonError, type IHttpConfig } from '@stoplight/prism-http';

type Operation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number];
type Logger = Parameters<typeof createInstance>[1]['logger'];

interface Description {
  paths: Record<string, unknown>;
  components: { parameters: Record<string, { schema: Record<string, unknown> }> };
}

/** Descriptions that GitHub publishes, by https://www.npmjs.com/package/@octokit/openapi. */
export const VERSIONS = ['api.github.com', 'ghes-3.17', 'ghes-3.18', 'ghes-3.19'] as const;

/** One request as it came, and what was wrong with it by the description. */
export interface SeenRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
  status: number;
  faults: string;
}

export interface DescribedGithub {
  /** As it stands in a connection's `url`. */
  url: string;
  seen: SeenRequest[];
  /** Picks one of the described answers from now on, as `Prefer: code=` does; undefined = the first. */
  prefer(code?: number): void;
  /** Whether fields that the description does not know are refused or, as most servers do, looked past. */
  unknownFields(fate: 'refused' | 'ignored'): void;
  close(): Promise<void>;
}

const read = createRequire(import.meta.url);
/** What a connector may call; the other six hundred paths only cost time. */
const PATHS = /^\/(repos\/\{owner\}\/\{repo\}\/(actions\/(runs|workflows)|statuses|dispatches|deployments|check-runs|issues\/\{issue_number\}\/comments|commits\/\{ref\}\/(check-runs|statuses))|user$|rate_limit|app\/installations)/;
const SILENT = Object.assign(Object.fromEntries(['trace', 'debug', 'info', 'success', 'warn', 'error', 'fatal', 'silent'].map((level) => [level, () => undefined])), {
  child: (): unknown => SILENT,
}) as unknown as Logger;
const CONFIG: IHttpConfig = {
  isProxy: false, validateRequest: true, validateResponse: false, checkSecurity: true, errors: false, mock: { dynamic: false },
} as IHttpConfig;

const descriptionOf = (version: string): Description => {
  const whole = structuredClone(read(`@octokit/openapi/generated/${version}.json`)) as Description;
  // Described as one date-time, and in the same place as a range of them by the syntax of searches, which is what GitHub takes.
  delete whole.components.parameters['created']!.schema['format'];
  return { ...whole, paths: Object.fromEntries(Object.entries(whole.paths).filter(([path]) => PATHS.test(path))) };
};

/** The same, with no room for fields of a body that are not described. */
const closed = (operations: readonly Operation[]): Operation[] => {
  const copy = structuredClone(operations) as Operation[];
  for (const { request } of copy) {
    for (const { schema } of (request?.body as { contents?: { schema?: Record<string, unknown> }[] } | undefined)?.contents ?? []) {
      if (schema?.['type'] === 'object') schema['additionalProperties'] = false;
    }
  }
  return copy;
};

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
};

/** OpenAPI lets any query through; a misspelt filter would go unseen. */
const strayNames = (operations: readonly Operation[], { method, path, query }: SeenRequest): string[] => {
  const fits = ({ path: template }: Operation): boolean => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
  const operation = operations.find((one) => one.method === method && fits(one));
  return Object.keys(query).filter((name) => !operation?.request?.query?.some((known) => known.name === name));
};

/** A GitHub that knows nothing but its published description: it refuses what does not fit, and answers with the examples. */
export const startDescribedGithub = async (version: (typeof VERSIONS)[number]): Promise<DescribedGithub> => {
  const open = await getHttpOperationsFromSpec(descriptionOf(version));
  const operations = { ignored: open, refused: closed(open) };
  const prism = createInstance(CONFIG, { logger: SILENT });
  // Enterprise Server has its API below a path: https://docs.github.com/en/enterprise-server@3.19/rest/quickstart
  const base = version === 'api.github.com' ? '' : '/api/v3';
  const seen: SeenRequest[] = [];
  const state: { fate: keyof typeof operations; code?: number } = { fate: 'refused' };
  const answer = async (one: SeenRequest): Promise<{ status: number; body?: unknown }> => {
    if (!one.path.startsWith('/')) return { status: 404, body: { message: 'Not Found' } };
    // Described as plain JSON; the media type to ask with is https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types
    const headers = { ...one.headers, accept: one.headers['accept']!.replace('application/vnd.github+json', 'application/json') };
    const input = { method: one.method as 'get', url: { path: one.path, query: one.query }, headers, body: one.body };
    const stray = strayNames(operations[state.fate], one);
    const result = await prism.request(input, operations[state.fate], { ...CONFIG, mock: { dynamic: false, code: state.code } })();
    if (result._tag === 'Left') return { status: (result.left as ProblemJsonError).status ?? 500, body: ProblemJsonError.toProblemJson(result.left) };
    const faults = [...result.right.validations.input, ...stray.map((name) => `query ${name} is not described`)];
    return faults.length > 0 ? { status: 422, body: { faults } } : { status: result.right.output.statusCode, body: result.right.output.body };
  };
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url!, 'http://local');
      const one: SeenRequest = {
        method: request.method!.toLowerCase(), path: pathname.startsWith(base) ? pathname.slice(base.length) : '', query: Object.fromEntries(searchParams),
        headers: request.headers as Record<string, string>, body: await bodyOf(request), status: 0, faults: '',
      };
      const { status, body } = await answer(one);
      seen.push({ ...one, status, faults: status === 422 || status >= 500 ? JSON.stringify(body) : '' });
      response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? undefined : JSON.stringify(body));
    })().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    seen,
    prefer: (code) => void (state.code = code),
    unknownFields: (fate) => void (state.fate = fate),
    close: () => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
};
