import {text} from 'node:stream/consumers';
import {describe, expect, it} from 'vitest';
import {dollars} from '../../../src/base/words.ts';
import {claimRun} from '../../../src/job/runs/records.ts';
import {makeContactSheet} from '../../../src/media/contact-sheet.ts';
import {runKey} from '../../../src/model/keys.ts';
import {NOTHING_DRAWN} from '../../../src/model/progress.ts';
import {writeReport} from '../../../src/observers/report/write-report.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {putJson} from '../../../src/storage/json.ts';
import {ffmpeg, mediaDirectory} from '../../support/media.ts';
import {scratch} from '../../support/processes.ts';
import {makeTrace} from '../../support/traces.ts';

const media = mediaDirectory();
const signal = AbortSignal.timeout(60_000);

/** The cost of each of its runs, in US dollars. */
const COST = makeTrace({chunks: 4, frames: 60, jobId: 'J'}).cost?.total ?? 0;

/** A job of three runs, the second of which died and left no trace, after it had said what the job had cost so far. */
async function storedJob() {
  const storage = directoryStorage({root: scratch()});
  const place = {storage, jobId: 'J', signal};
  for (const run of [1, 2, 3]) {
    const trace = makeTrace({chunks: 4, frames: 60, run, jobId: 'J'});
    await claimRun(place, {number: run, claim: {owner: `${run}`, root: 1, handedOver: 0}});
    if (run !== 2) await putJson(runKey('J', run, 'trace'), trace, {storage});
  }
  const beat = {count: 9, progress: {...NOTHING_DRAWN, cost: COST + 0.25}};
  await putJson(runKey('J', 2, 'beat'), beat, {storage});
  return storage;
}

const result = (bucket: string) =>
  ({jobId: 'J', state: 'finished', bucket, key: 'renders/J.mp4', bytes: 12_345}) as never;

describe('A written report', () => {
  it('has the runs that left a trace, pictures of the film, and the way to it', async () => {
    const film = media.path('film.mp4');
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=320x180:rate=30',
      '-frames:v',
      '60',
      '-pix_fmt',
      'yuv420p',
      film,
    );
    const storage = await storedJob();
    const timeline = {frames: 60, fps: 30, size: {width: 320, height: 180}};
    const contactSheet = await makeContactSheet({film, timeline, directory: scratch(), signal});
    const written = await writeReport({
      ...{storage, jobId: 'J', contactSheet, signal},
      result: result(storage.bucket),
    });
    expect(written).toEqual({key: 'jobs/J/report.html', bytes: expect.any(Number)});
    const page = await text(await storage.get('jobs/J/report.html'));
    expect(page).toContain('3 runs');
    // Not less than what the job's result says.
    expect(page).toContain(`Total</th><td class="soft">3 runs</td><td>about ${dollars(2 * COST + 0.25)}<`);
    expect(page).toContain('1 run without a record</td><td>about $0.250<');
    expect(page).not.toContain('Every invocation as');
    expect(page).toContain('data:image/jpeg;base64,/9j/');
    expect(page).toContain('src="../../renders/J.mp4"');
    expect(Buffer.byteLength(page)).toBe(written?.bytes);
    // For 12 pictures of 60 frames, the first is frame 2 and the last frame 57.
    expect(page.match(/The film at [\d:.]+/g)).toEqual(
      expect.arrayContaining(['The film at 0:00.0', 'The film at 0:01.9']),
    );
  });

  it('is written without pictures where there are none', async () => {
    const storage = await storedJob();
    await writeReport({storage, jobId: 'J', signal, result: result('another bucket')});
    const page = await text(await storage.get('jobs/J/report.html'));
    expect(page).not.toContain('Contact sheet');
    expect(page).toContain('another bucket');
    expect(page).not.toContain('<video');
  });

  it('is none of a job that left no trace', async () => {
    const storage = directoryStorage({root: scratch()});
    expect(await writeReport({storage, jobId: 'J', signal})).toBeUndefined();
  });
});
