import {existsSync} from 'node:fs';
import {expect, inject} from 'vitest';
import type {EnvironmentState} from '../../../local-lambda/service.ts';
import {type ErrorName, isErrorName} from '../../../src/base/errors.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {processesIn, runs} from '../../support/processes.ts';
import type {Fault} from './faults.ts';
import {readFilm} from './film.ts';
import type {Outcome, Result, Scene} from './scene.ts';
import {homeOf, leftBehind} from './tidy.ts';

/**
 * Checks that a row ended as it must, that the bucket holds exactly that, and that nothing was left behind.
 */
export async function checkRow(
  {expect: expected}: Fault,
  {scene, outcome}: {scene: Scene; outcome: Outcome},
): Promise<void> {
  const {jobId, event} = scene;
  const begun = scene.workersBegun(jobId);
  if ('film' in expected) {
    await expectFilm(outcome, scene);
    expect(outcome.result?.chunks).toMatchObject(expected.film);
  } else {
    await expectError(outcome, {name: expected.error, scene});
    const {afterwards} = expected;
    if (afterwards === 'film') await expectFilm(await scene.send(), scene);
    else if (afterwards) await expectError(await scene.send(), {name: afterwards, scene});
  }
  if (expected.again !== undefined) {
    const [least, most] = [expected.again, expected.again].flat() as [number, number];
    expect(begun - event.numWorkers).toBeGreaterThanOrEqual(least);
    expect(begun - event.numWorkers).toBeLessThanOrEqual(most);
  }
  expect(await leftBehind(scene.service)).toEqual([]);
}

async function expectFilm({result, error}: Outcome, scene: Scene): Promise<void> {
  const {jobId, event, bucket} = scene;
  expect(error).toBeUndefined();
  const kind = event.variables.wishes.clip ? 'clip' : 'shapes';
  expect(await readFilm(bucket.direct, result as Result)).toEqual(inject('films')[kind]);
  expect(await filmsOf(scene)).toEqual([`renders/${jobId}.mp4`]);
}

async function expectError({error}: Outcome, {name, scene}: {name: ErrorName; scene: Scene}): Promise<void> {
  expect(error, 'a film where an error was expected').toBeDefined();
  expect(`${error?.errorType}: ${error?.errorMessage}`).toMatch(new RegExp(`^${name}: \\S`));
  expect(isErrorName(error?.errorType ?? '')).toBe(true);
  expect(await filmsOf(scene)).toEqual([]);
}

/** Whatever of a job is where films are. */
async function filmsOf({bucket, jobId}: Scene): Promise<string[]> {
  return (await listAll('renders/', {storage: bucket.direct}))
    .map(({key}) => key)
    .filter((key) => key.includes(jobId));
}

/** Sees that of environments that were ended there is nothing left: no process, no file. */
export function checkClosed(environments: readonly EnvironmentState[]): void {
  const homes = [...new Set(environments.map(homeOf))];
  expect(environments.filter(({pid}) => runs(pid))).toEqual([]);
  expect(homes.flatMap(processesIn)).toEqual([]);
  expect(homes.filter((home) => existsSync(home))).toEqual([]);
}
