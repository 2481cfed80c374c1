import {afterEach, expect, it, vi} from 'vitest';
import type {Engine} from '../../../src/engines/engine.ts';
import {dispatch} from '../../../src/job/dispatch/dispatch.ts';
import type {ChunkEvent} from '../../../src/model/job-events.ts';
import {ALONE, filmChunks, resultOf} from '../../support/film-chunks.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Runs ten chunks of a second each. Chunk 9 waits in the engine's line, or works, for two minutes. */
async function states(last: 'waits' | 'works') {
  vi.useFakeTimers();
  const events: ChunkEvent[] = [];
  const engine: Engine = {
    name: 'lined',
    traits: {isolated: true, stops: true, progress: 'callback'},
    capacity: () => 10,
    async run(event, {started}, {signal}) {
      const isFirst = event.workerId === 9 && !events.some(({state}) => state === 'doubled');
      const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      if (isFirst && last === 'waits') await pause(120_000);
      started?.();
      await pause(isFirst && last === 'works' ? 120_000 : 1_000);
      signal.throwIfAborted();
      return resultOf(event);
    },
    close: async () => {},
  };
  const over = dispatch(filmChunks(10), {
    engine,
    signal: new AbortController().signal,
    ...ALONE,
    take: async (_, result) => result,
    onEvent: (event) => events.push(event),
  });
  await vi.advanceTimersByTimeAsync(300_000);
  const {counts} = await over;
  return {counts, doubled: events.flatMap((event) => (event.state === 'doubled' ? [event.workerId] : []))};
}

it('a chunk that works for far too long is started a second time', async () => {
  expect(await states('works')).toMatchObject({counts: {rendered: 10, doubled: 1}, doubled: [9]});
});

it("a chunk that waits in the engine's line is not late, however long it waits", async () => {
  expect(await states('waits')).toMatchObject({counts: {rendered: 10, doubled: 0}, doubled: []});
});
