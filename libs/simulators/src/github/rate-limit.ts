/** GitHub's hourly limit: counts a call and says what the headers say. */
export const rateLimit = (perHour: number): ((now: Date) => { exceeded: boolean; headers: Record<string, string> }) => {
  let used = 0;
  let reset = 0;
  return (now) => {
    const second = Math.floor(now.getTime() / 1000);
    if (second >= reset) {
      used = 0;
      reset = second + 3600;
    }
    const exceeded = used >= perHour;
    if (!exceeded) used += 1;
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
