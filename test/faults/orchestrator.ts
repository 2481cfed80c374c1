import {answerHeld, gate, lostAfter, meeting, twice, watched} from './support/disturbances.ts';
import {isJob} from './support/events.ts';
import {faults} from './support/faults.ts';
import {kill, killOrchestrator, PACK, SLOWLY, VICTIM} from './support/kill.ts';
import {writes} from './support/s3.ts';
import {HOLD} from './support/tools.ts';

const FILM = /^renders\//;

faults('orchestrator', [
  {
    name: 'killed while it plans, sent again',
    // It claims the job, and then asks the project what it is.
    arrange: ({bucket}) => bucket.proxy.disturb(writes(/\/claim\.json$/), watched),
    during: killOrchestrator,
    sentAgain: true,
    expect: {film: {rendered: 3}, again: 0},
  },
  {
    name: 'killed while chunks are drawn, sent again',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(PACK), gate().hold),
    during: async (scene, trap) => {
      await trap.met;
      const held = await scene.worker(VICTIM);
      await killOrchestrator(scene, trap);
      // The job no longer needs its worker, so that one goes too.
      await kill(scene, held);
    },
    sentAgain: true,
    expect: {film: {rendered: 1, reused: 2}, again: 1},
  },
  {
    name: 'killed while workers draw on, sent again',
    event: {wishes: SLOWLY},
    during: async (scene) => {
      await scene.worker(2);
      await kill(scene, await scene.orchestrator());
    },
    sentAgain: true,
    expect: {film: {}, again: [0, 3]},
  },
  {
    name: 'killed while it merges, sent again',
    arrange: ({tools}) => tools.ffmpeg({matching: '*/film.mp4', does: HOLD}),
    during: killOrchestrator,
    sentAgain: true,
    expect: {film: {rendered: 0, reused: 3}, again: 0},
  },
  {
    name: 'killed before the film is stored, sent again',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(FILM), gate().hold),
    during: killOrchestrator,
    sentAgain: true,
    expect: {film: {rendered: 0, reused: 3}, again: 0},
  },
  {
    name: 'killed when the film is stored, before it says so, sent again',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(FILM), answerHeld),
    during: killOrchestrator,
    sentAgain: true,
    expect: {film: {rendered: 0}, again: 0},
  },
  {
    name: 'its answer is lost, sent again',
    arrange: ({invoke}) => invoke.disturb(isJob, lostAfter),
    sentAgain: true,
    expect: {film: {rendered: 3}, again: 0},
  },
  {
    name: 'its event arrives twice at once',
    arrange: ({invoke}) => invoke.disturb(isJob, twice),
    expect: {film: {rendered: 3}, again: 0},
  },
  {
    name: 'three claim the same job at the same moment',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(/\/0001\/claim\.json$/), meeting(3), {last: 3}),
    during: async ({invokeOnce, event}) => {
      await Promise.all([invokeOnce(event, 'Event'), invokeOnce(event, 'Event')]);
    },
    sentAgain: true,
    expect: {film: {rendered: 3}, again: 0},
  },
  {
    name: 'sent again with other variables while it runs',
    event: {wishes: SLOWLY},
    during: async ({invokeOnce, event, says}) => {
      await says(/"rendering"/);
      const other = await invokeOnce({...event, variables: {...event.variables, row: 'another'}});
      if (other?.error?.errorType !== 'JobConflict') throw new Error(`Not refused: ${JSON.stringify(other)}`);
    },
    expect: {film: {rendered: 3}, again: 0},
  },
]);
