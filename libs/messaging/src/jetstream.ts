/** Transport id of handlers: `@EventPattern<string>('<consumer name>', JETSTREAM)`. */
export const JETSTREAM: unique symbol = Symbol('stellwerk.jetstream');
