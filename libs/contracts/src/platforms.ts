/** Every platform a Connection may name. */
export const PLATFORMS = ['github', 'gitlab', 'jenkins', 'webhook', 'prefect', 'argo-workflows', 'argo-cd', 'n8n'] as const;

export type Platform = (typeof PLATFORMS)[number];

/** What became of a platform's run, one meaning on all platforms. */
export const OUTCOMES = ['success', 'failure', 'error', 'timeout', 'cancelled', 'skipped'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** Why a platform's run began. */
export const CAUSES = ['push', 'change', 'schedule', 'manual', 'api'] as const;

export type Cause = (typeof CAUSES)[number];
