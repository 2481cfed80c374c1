import {setImmediate as turn} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {together} from '../../src/base/together.ts';

const never = () => new AbortController().signal;

/** Work that ends when it is stopped, a little later, and says when it has. */
async function stoppable(stop: AbortSignal, ended: () => void): Promise<never> {
  while (!stop.aborted) await turn();
  await turn();
  ended();
  throw stop.reason;
}

test('gives all results in the order of the pieces', async () => {
  const results = await together<[number, string]>(never(), () => [
    turn(1)
      .then(turn)
      .then(() => 1),
    turn('b'),
  ]);
  expect(results).toEqual([1, 'b']);
  expect(await together<[]>(never(), () => [])).toEqual([]);
});

test('runs the pieces side by side', async () => {
  const {promise, resolve} = Promise.withResolvers<string>();
  const second = async () => resolve('from the second');
  expect(await together<[string, unknown]>(never(), () => [promise, second()])).toEqual([
    'from the second',
    undefined,
  ]);
});

test('the first failure stops the rest, and is thrown once they have ended', async () => {
  const ended: string[] = [];
  const failure = new Error('first');
  const work = together<[never, never, never]>(never(), (stop) => [
    stoppable(stop, () => ended.push('one')),
    Promise.reject(failure),
    stoppable(stop, () => ended.push('two')),
  ]);
  await expect(work).rejects.toBe(failure);
  expect(ended).toEqual(['one', 'two']);
});

test('the first failure by time is the one thrown, not the first by place', async () => {
  const late = async () => {
    for (let left = 5; left > 0; left--) await turn();
    throw new Error('late');
  };
  const early = () => Promise.reject(new Error('early'));
  await expect(together(never(), () => [late(), early()])).rejects.toThrow('early');
});

test('a piece that finishes although it was stopped is waited for', async () => {
  let finished = false;
  const deaf = async () => {
    for (let left = 5; left > 0; left--) await turn();
    finished = true;
  };
  const work = together(never(), () => [deaf(), Promise.reject(new Error('no'))]);
  await expect(work).rejects.toThrow('no');
  expect(finished).toBe(true);
});

test("the caller's signal stops all pieces, with its own reason", async () => {
  const caller = new AbortController();
  const ended: string[] = [];
  const reason = new Error('enough');
  const work = together<[never, never]>(caller.signal, (stop) => [
    stoppable(stop, () => ended.push('one')),
    stoppable(stop, () => ended.push('two')),
  ]);
  caller.abort(reason);
  await expect(work).rejects.toBe(reason);
  expect(ended).toEqual(['one', 'two']);
});

test('success leaves the stop signal alone', async () => {
  let signal = AbortSignal.abort();
  await together<[unknown]>(never(), (stop) => {
    signal = stop;
    return [turn()];
  });
  expect(signal.aborted).toBe(false);
});
