/** Answers orders that come over the channel: `{ id, order, … }` → `{ answers: id, result }`. */
export const answerOrders = (handlers: Record<string, (order: any) => unknown>): void => {
  process.on('message', (message: { id: number; order: string }) => {
    const handle = handlers[message.order];
    void Promise.resolve()
      .then(() => handle ? handle(message) : Promise.reject(new Error(`no such order: ${message.order}`)))
      .then(
        (result) => process.send?.({ answers: message.id, result }),
        (error: unknown) => process.send?.({ answers: message.id, failure: String(error) }),
      );
  });
  // Without this channel nobody would ever stop an orphan.
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
};
