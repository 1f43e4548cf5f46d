interface LimitState {
  exceeded: boolean;
  headers: Record<string, string>;
}

export interface RateLimit {
  /** Counts a call and says what the headers say. */
  count(now: Date): LimitState;
  /** What `GET /rate_limit` says; asking costs nothing. */
  look(now: Date): { body: Record<string, unknown>; headers: Record<string, string> };
}

/** As Enterprise Servers are unless their owner limits them. */
const UNLIMITED: RateLimit = { count: () => ({ exceeded: false, headers: {} }), look: () => ({ body: { message: 'Rate limiting is not enabled.' }, headers: {} }) };

/** GitHub's hourly limit; 0: none, and no headers. */
export const rateLimit = (perHour: number): RateLimit => {
  if (perHour === 0) return UNLIMITED;
  let used = 0;
  let reset = 0;
  const turn = (now: Date): void => {
    const second = Math.floor(now.getTime() / 1000);
    if (second < reset) return;
    used = 0;
    reset = second + 3600;
  };
  const headers = (): Record<string, string> => ({
    'x-ratelimit-limit': String(perHour),
    'x-ratelimit-remaining': String(perHour - used),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(reset),
    'x-ratelimit-resource': 'core',
  });
  return {
    count: (now) => {
      turn(now);
      const exceeded = used >= perHour;
      if (!exceeded) used += 1;
      return { exceeded, headers: headers() };
    },
    look: (now) => {
      turn(now);
      const core = { limit: perHour, used, remaining: perHour - used, reset };
      return { body: { resources: { core, search: { limit: 30, used: 0, remaining: 30, reset: core.reset } }, rate: core }, headers: headers() };
    },
  };
};

const MINUTE = 60_000;
const WRITE_POINTS = 5;

/**
 * GitHub's secondary limit: so many points a minute and endpoint, of which a read costs one and a write five. What an endpoint is GitHub does
 * not say; here the narrowest reading that a client has to reckon with: all deliveries of one webhook are one,
 * and so are all runs of one repository. Gives the seconds to wait, 0: go on.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export const secondaryLimit = (pointsPerMinute: number | undefined): ((method: string, path: string, now: Date) => number) => {
  const spent = new Map<string, { at: number; points: number }[]>();
  return (method, path, now) => {
    if (pointsPerMinute === undefined) return 0;
    const endpoint = `${method} ${path.replace(/\/(deliveries|runs|attempts|jobs)\/\d+/g, '/$1/:id')}`;
    const recent = (spent.get(endpoint) ?? []).filter(({ at }) => at > now.getTime() - MINUTE);
    spent.set(endpoint, recent);
    const points = method === 'GET' ? 1 : WRITE_POINTS;
    if (recent.reduce((sum, one) => sum + one.points, 0) + points > pointsPerMinute) return Math.ceil((recent[0]!.at + MINUTE - now.getTime()) / 1_000);
    recent.push({ at: now.getTime(), points });
    return 0;
  };
};
