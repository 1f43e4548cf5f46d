/**
 * How Node runs every service, whoever starts it; a file of its own, as starters shall not load what services do.
 * Young objects get 16 MB, so that what one group of messages needs is mostly gone before it would be moved to the old
 * ones; and old ones may grow to half as much again as lives, instead of several times that, before they are looked
 * through. Figures: ADR 14.
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=16', '--heap-growing-percent=50'];

/** glibc keeps a heap for each of Node's eight helper threads unless told otherwise. */
export const NODE_ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2' };
