export type RateLimit = (now: Date, counts?: boolean) => { exceeded: boolean; headers: Record<string, string> };

/** GitHub's hourly limit: counts a call, unless told not to, and says what the headers say. */
export const rateLimit = (perHour: number): RateLimit => {
  let used = 0;
  let reset = 0;
  return (now, counts = true) => {
    const second = Math.floor(now.getTime() / 1000);
    if (second >= reset) {
      used = 0;
      reset = second + 3600;
    }
    const exceeded = used >= perHour;
    if (!exceeded && counts) used += 1;
    return {
      exceeded,
      headers: {
        'x-ratelimit-limit': String(perHour),
        'x-ratelimit-remaining': String(perHour - used),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(reset),
        'x-ratelimit-resource': 'core',
      },
    };
  };
};
