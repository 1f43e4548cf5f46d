import type { ActionSchema } from '@stellwerk/contracts';

/** Signed JSON comes in; nothing goes out by such a connection yet. */
export const webhookActions: readonly ActionSchema[] = [];
