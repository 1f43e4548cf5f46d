import { Logger, PinoLogger, type Params } from 'nestjs-pino';
import { pino, stdTimeFunctions, type Logger as Pino } from 'pino';
import { ConfigFault } from './errors.js';

const NEVER_LOGGED = ['authorization', 'cookie', 'password', 'secret', 'token', '*.authorization', '*.cookie', '*.password', '*.secret', '*.token'];

/**
 * Tokens of platforms, wherever in a line: GitHub's (an installation's is `ghs_…` of 36 more characters, or `ghs_<app>_<jwt>`, which is longer
 * and has dots) and any signed token. What is said in a platform's own words may hold one.
 */
const TOKENS = /\b(?:gh[oprsu]_|github_pat_)[\w.-]{8,}|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/g;

/** The line with every token that is known by its form hidden. */
export const withoutTokens = (line: string): string => line.replace(TOKENS, '***');

/** Nest tells each module and route it finds; that is for whoever debugs the wiring. */
const WIRING = new Set<unknown>(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication', 'NestMicroservice', 'Server']);

class QuietLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (WIRING.has(rest.at(-1))) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  /** The faults of a configuration are printed once, as lines a person can act on. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (!(message instanceof ConfigFault)) super.error(message, ...rest);
  }
}

/** JSON lines on stdout: time, level, service, context, msg (`thing.happened`, fixed text), ids as fields. */
export function createLog(service: string, level: string): { params: Params; logger: Logger; root: Pino } {
  const root = pino({
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: NEVER_LOGGED, censor: '***' },
    hooks: { streamWrite: withoutTokens },
  });
  // Services write one wide line per message themselves; a line per request of the kit's would say it twice.
  const params: Params = { pinoHttp: { logger: root, autoLogging: false }, forRoutes: [] };
  return { params, root, logger: new QuietLogger(new PinoLogger(params), params) };
}
