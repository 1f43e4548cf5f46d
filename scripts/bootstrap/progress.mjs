const HEARTBEAT_MS = 10_000;

/** @param {number} since */
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * Says what is done while it takes time: at once, every ten seconds, and at the end. Plain lines, on a terminal or not.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} [say]
 * @returns {Promise<T>}
 */
export const withProgress = async (label, work, say = console.log) => {
  const since = Date.now();
  say(`· ${label} …`);
  const heartbeat = setInterval(() => say(`  … ${label}: ${seconds(since)}`), HEARTBEAT_MS);
  try {
    const result = await work();
    say(`  ${label}: done in ${seconds(since)}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
};
