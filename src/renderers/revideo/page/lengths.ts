import {DependencyContext} from '@revideo/core';
import {isPlaylist, shownAddress} from '../../../base/address.ts';
import {checkMedium} from './check-medium.ts';
import {openInput} from './open-input.ts';
import {addWarning} from './page-warnings.ts';
import {compareClocks} from './two-clocks.ts';

/** Seconds by which a file's edits may end before its last packet: that one is rounded up to whole samples or frames. */
const ROUNDED = 0.1;

/** A medium that is read, or has been. */
interface Reading {
  done: Promise<number | undefined>;
  /** Known when `done` is. */
  result?: {seconds: number | undefined};
}

/** By address: each medium is read once. */
const readings = new Map<string, Reading>();

/**
 * How long a medium is: the end of its last packet of picture or sound, in seconds on the container's own clock.
 * A browser's element only guesses it for some files, such as an MP3 of varying bitrate without a header.
 *
 * @returns undefined while it is being read: Revideo waits for that and asks again, as it does for what an element
 *   has to load. Also undefined for streams, and for what cannot be read: then only the element may know.
 */
export function lengthOf(url: string): number | undefined {
  const reading = readings.get(url) ?? startReading(url);
  if (!reading.result) DependencyContext.collectPromise(reading.done);
  return reading.result?.seconds;
}

function startReading(url: string): Reading {
  const reading: Reading = {done: measure(url)};
  readings.set(url, reading);
  void reading.done.then((seconds) => {
    reading.result = {seconds};
  });
  return reading;
}

async function measure(url: string): Promise<number | undefined> {
  if (!URL.canParse(url, location.origin) || isPlaylist(new URL(url, location.origin))) return undefined;
  const {end = Number.POSITIVE_INFINITY} = await checkMedium(url);
  const input = openInput(url);
  try {
    const seconds = await input.computeDuration();
    const odd = await compareClocks(await input.getTracks()).catch(() => undefined);
    if (odd) addWarning(`${shownAddress(url)}: ${odd}. Both are kept as they are.`);
    return end < seconds - ROUNDED ? end : seconds;
  } catch {
    // The element reports a file that cannot be read, with its reason; another container it may play all the same.
    return undefined;
  } finally {
    input.dispose();
  }
}
