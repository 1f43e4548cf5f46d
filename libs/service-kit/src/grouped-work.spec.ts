import { describe, expect, it } from 'vitest';
import { GroupedWork, togetherOrApart } from './grouped-work.js';

const gate = () => {
  let open!: () => void;
  return { opened: new Promise<void>((resolve) => { open = resolve; }), open };
};

describe('grouped work', () => {
  it('what arrives while a group is at work is the next group, in order', async () => {
    const groups: number[][] = [];
    const first = gate();
    const work = new GroupedWork<number, number>(async (items) => {
      groups.push([...items]);
      if (groups.length === 1) await first.opened;
      return items.map((item) => ({ status: 'fulfilled', value: item * 10 }));
    }, { max: 3 });
    const one = work.run(1);
    await new Promise(setImmediate);
    const rest = [2, 3, 4, 5].map((item) => work.run(item));
    first.open();
    expect(await Promise.all([one, ...rest])).toEqual([10, 20, 30, 40, 50]);
    expect(groups).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('calls of one turn of the event loop are one group', async () => {
    const sizes: number[] = [];
    const work = new GroupedWork<number, void>(async (items) => {
      sizes.push(items.length);
      return items.map(() => ({ status: 'fulfilled', value: undefined }));
    }, { max: 10 });
    await Promise.all([1, 2, 3].map((item) => work.run(item)));
    expect(sizes).toEqual([3]);
  });

  it('with a pause, what comes soon after a group gathers; a full group waits for nothing', async () => {
    const groups: number[][] = [];
    const work = new GroupedWork<number, void>(async (items) => {
      groups.push([...items]);
      return items.map(() => ({ status: 'fulfilled', value: undefined }));
    }, { max: 3, everyMs: 60_000 });
    await work.run(1);
    const two = work.run(2);
    await new Promise(setImmediate);
    expect(groups).toEqual([[1]]);
    await Promise.all([two, work.run(3), work.run(4)]);
    expect(groups).toEqual([[1], [2, 3, 4]]);
  });

  it('with a pause, a group that does not fill up begins when the pause is over', async () => {
    const work = new GroupedWork<number, number>(async (items) => items.map((value) => ({ status: 'fulfilled', value })), { max: 3, everyMs: 5 });
    expect([await work.run(1), await work.run(2)]).toEqual([1, 2]);
  });

  it('each item gets its own answer, and a group that throws fails them all', async () => {
    const mixed = new GroupedWork<number, number>(async (items) =>
      items.map((item) => (item === 2 ? { status: 'rejected', reason: new Error('two') } : { status: 'fulfilled', value: item })), { max: 9 });
    const results = await Promise.allSettled([1, 2, 3].map((item) => mixed.run(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const broken = new GroupedWork<number, number>(async () => { throw new Error('down'); }, { max: 9 });
    await expect(Promise.allSettled([1, 2].map((item) => broken.run(item)))).resolves.toMatchObject([{ reason: { message: 'down' } }, { reason: { message: 'down' } }]);
    await expect(broken.run(3)).rejects.toThrow('down');
  });

  it('an answer that is not one for each is a fault of the work, not a hang', async () => {
    const short = new GroupedWork<number, number>(async () => [], { max: 9 });
    await expect(short.run(1)).rejects.toThrow('answered 0 of 1');
  });
});

describe('together or apart', () => {
  const doubled = async (items: readonly number[]): Promise<number[]> => {
    if (items.includes(13)) throw new Error('thirteen');
    return items.map((item) => item * 2);
  };

  it('one bad item fails alone', async () => {
    const results = await togetherOrApart(doubled, () => true)([1, 13, 3]);
    expect(results).toMatchObject([{ value: 2 }, { reason: { message: 'thirteen' } }, { value: 6 }]);
  });

  it('what concerns all is not tried again for each', async () => {
    let calls = 0;
    const results = await togetherOrApart<number, number>(async () => { calls += 1; throw new Error('database away'); }, () => false)([1, 2, 3]);
    expect([calls, results.filter(({ status }) => status === 'rejected').length]).toEqual([1, 3]);
  });
});
