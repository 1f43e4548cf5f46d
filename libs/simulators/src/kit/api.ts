import { findRoute, type Route } from './routes.js';
import type { Answer, Exchange } from './types.js';

/** An API whose routes are a list; `refusal` says who may not come in. */
export const answerBy = (routes: readonly Route[], exchange: Exchange, of: { refusal: (exchange: Exchange) => Answer | undefined; notFound: Answer }): Answer | Promise<Answer> => {
  const refused = of.refusal(exchange);
  if (refused) return refused;
  const found = findRoute(routes, exchange.method, exchange.path);
  return found ? found.route.handle(exchange, found.parameters) : of.notFound;
};

/** True for `Bearer <token>`, and for Basic where a user is named. */
export const isLoggedIn = ({ headers: { authorization = '' } }: Exchange, token: string, user?: string): boolean =>
  authorization === (user === undefined ? `Bearer ${token}` : `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`);
