import {expect, it} from 'vitest';
import {priceUsage} from '../../../src/cost/price-usage.ts';
import {pricesOf} from '../../../src/cost/prices.ts';
import type {JobPolicy} from '../../../src/job/policy.ts';
import type {JobPorts} from '../../../src/job/ports.ts';
import {Budget} from '../../../src/job/runs/budget.ts';
import type {FullRender} from '../../../src/model/event.ts';
import type {JobEvent} from '../../../src/model/job-events.ts';
import {planChunks} from '../../../src/model/plan.ts';
import {NOTHING_DRAWN} from '../../../src/model/progress.ts';
import type {LambdaUsage} from '../../../src/model/usage.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {drawn, film, filmKeys, send, storage, watched} from '../../support/jobs.ts';
import {everyFrame} from '../../support/segments.ts';
import {FRAMES, inProcess, SIZE} from '../../support/test-picture.ts';

const prices = pricesOf();
const own = (): LambdaUsage => ({
  ...{provider: 'aws-lambda', id: 'x', kind: 'fullRender', billedMs: 1, exact: false},
  ...{memoryMb: 3008, architecture: 'x86_64'},
});

/** A film of three chunks, one after the other, of which each costs a dollar; the third is never done if `hangs`. */
function priced({hangs}: {hangs: boolean}): Partial<JobPorts & JobPolicy> {
  const real = watched();
  let dollars = 0;
  const renderer: Renderer = {
    ...real,
    async *render(order, options) {
      if (hangs && drawn.length === 2)
        await new Promise((_, reject) =>
          options.signal.addEventListener('abort', () => reject(options.signal.reason)),
        );
      yield* real.render(order, options);
      dollars++;
    },
  };
  const engine = {...inProcess({renderer, storage}), capacity: () => 1};
  return {
    ...{renderer, engine},
    costOf: (usage) => ({...priceUsage(usage, {prices}), total: dollars}),
  };
}

const render = (request: Partial<FullRender>, tools: Partial<JobPorts & JobPolicy>) =>
  send(request, tools, {own});

it('a job that has cost as much as it may stops, says so, and goes on when it may cost more', async () => {
  const first = render({maxCost: 2}, priced({hangs: true}));
  await expect(first).rejects.toMatchObject({
    name: 'MaxCostReached',
    retryable: false,
    message: expect.stringMatching(
      /^Job film has cost \$2\.00; it may cost \$2\.00 \(maxCost\)\. \d+ of 23 frames/,
    ),
  });
  expect(drawn).toHaveLength(2);
  expect(await filmKeys()).toEqual([]);

  // Nothing is begun, not even the plan.
  const {renderer, ...tools} = priced({hangs: false});
  const plan = () => Promise.reject(new Error('planned'));
  const again = render({maxCost: 2}, {...tools, renderer: {...(renderer as Renderer), plan}});
  await expect(again).rejects.toMatchObject({name: 'MaxCostReached'});

  const result = await render({maxCost: 3.5}, priced({hangs: false}));
  expect(result).toMatchObject({state: 'finished', chunks: {reused: 2, rendered: 1}, cost: {total: 3}});
  expect(drawn).toHaveLength(3);
  expect(await film()).toBe(FRAMES);
});

it('a job whose event does not say what it may cost may cost what the function is set to', async () => {
  const stopped = render({}, {...priced({hangs: true}), maxCost: 2});
  await expect(stopped).rejects.toMatchObject({name: 'MaxCostReached'});
  expect(await render({maxCost: 5}, {...priced({hangs: false}), maxCost: 2})).toMatchObject({
    cost: {total: 3},
  });
});

it.each([
  [0, 0.0001, true],
  [0, 1, false],
  [20, 0.0009, false],
])(
  'with %i frames drawn, and %f dollars allowed, a film of about $0.0012 is warned of: %s',
  (framesDrawn, maxCost, warns) => {
    const said: JobEvent[] = [];
    const limit = new Budget(
      {
        order: {jobId: 'film', quality: 'cheapest'},
        maxCost,
        own,
        framesBefore: framesDrawn,
        costOf: (usage) => priceUsage(usage, {prices}),
        spent: () => 0,
        progress: () => NOTHING_DRAWN,
      },
      {stop: () => {}, emit: (event) => void said.push(event)},
    );
    const timeline = {frames: FRAMES, segments: everyFrame(FRAMES), fps: 30, size: SIZE, sounds: []};
    limit.observe({state: 'rendering', timeline, chunks: planChunks(everyFrame(FRAMES), 3)});
    limit.close();
    const warned = {
      state: 'warned',
      message: expect.stringMatching(/^The job is expected to cost \$0\.00\d+, and may/),
    };
    expect(said).toEqual(warns ? [warned] : []);
  },
);
