import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { moment } from './moment.js';
import { SendTicket } from './send-ticket.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LIMIT_MS = 12_000;

const ticketWith = () => {
  const log = { marks: 0, withheld: 0 };
  const ticket = new SendTicket(async (self) => {
    log.marks += 1;
    self.grant(moment(), LIMIT_MS);
  }, () => void (log.withheld += 1));
  return { log, ticket };
};

describe('the right to send', () => {
  it('is not there before "sent" is committed', () => {
    const { log, ticket } = ticketWith();
    expect(ticket.maySend()).toBe(false);
    expect([ticket.touched, log.withheld]).toEqual([false, 1]);
  });

  it('needs no second mark where the intent was written as sent, but one for each further call', async () => {
    const { log, ticket } = ticketWith();
    ticket.grant(moment(), LIMIT_MS);
    expect(ticket.touched).toBe(false);
    await ticket.beforeSend();
    expect([ticket.maySend(), ticket.touched, log.marks]).toEqual([true, true, 0]);
    await ticket.beforeSend();
    expect(log.marks).toBe(1);
  });

  it('ends with its time, on whichever clock that is over first', async () => {
    const { log, ticket } = ticketWith();
    await ticket.beforeSend();
    vi.advanceTimersByTime(LIMIT_MS - 1);
    expect(ticket.maySend()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(ticket.maySend()).toBe(false);
    await ticket.beforeSend();
    expect(ticket.maySend()).toBe(true);
    vi.setSystemTime(Date.now() + 600_000); // The wall clock alone: the machine slept, and the steady clock with it.
    expect(ticket.maySend()).toBe(false);
    expect(log.withheld).toBe(2);
  });
});
