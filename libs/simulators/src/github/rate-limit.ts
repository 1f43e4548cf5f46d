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

/** GitHub's hourly limit. */
export const rateLimit = (perHour: number): RateLimit => {
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
