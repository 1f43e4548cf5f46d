const TIMEOUT_MS = 2_000;

/** Throws with what /readyz says while the service is not ready. */
export const checkReady = async (port: number): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`/readyz answers ${response.status}: ${await response.text()}`);
};
