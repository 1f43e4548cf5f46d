import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { RetryableError } from '@stellwerk/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BEARER, PROBLEM_TYPE, problem, ProblemError, type Problem } from './problem.js';

const UNEXPECTED = 'Something went wrong here; the log of the status service says more.';

const textOf = (exception: HttpException): string => {
  const response = exception.getResponse();
  if (typeof response === 'string') return response;
  const { message } = response as { message?: unknown };
  return Array.isArray(message) ? message.join('; ') : typeof message === 'string' ? message : exception.message;
};

/** Fastify's own errors (a body that is no JSON, too large …) carry their status. */
const statusOf = (exception: unknown): number | undefined => {
  const { statusCode } = exception as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
};

const problemOf = (exception: unknown): Problem => {
  if (exception instanceof ProblemError) return problem(exception.status, exception.message, exception.errors ? { errors: exception.errors } : {});
  if (exception instanceof HttpException) return problem(exception.getStatus(), textOf(exception));
  if (exception instanceof RetryableError) return problem(503, 'The database is not reachable just now; try again in a moment.');
  const status = statusOf(exception);
  return status ? problem(status, (exception as Error).message) : problem(500, UNEXPECTED);
};

/** Every error of the door as a problem document; errors of message handlers are not its business. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger(ProblemFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw exception;
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    const answer = { ...problemOf(exception), instance: request.url };
    if (answer.status === 500) this.log.error({ method: request.method, url: request.url, err: exception }, 'request.failed');
    if (reply.sent) return;
    if (answer.status === 503) void reply.header('retry-after', '5');
    if (answer.status === 401) void reply.header('www-authenticate', BEARER);
    void reply.status(answer.status).type(PROBLEM_TYPE).send(JSON.stringify(answer));
  }
}
