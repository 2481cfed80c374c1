import {expect, it} from 'vitest';
import {renderJob} from '../../src/job/render-job.ts';
import {identify} from '../../src/job/runs/identity.ts';
import {ffmpegMedia} from '../../src/media/media.ts';
import {runKey} from '../../src/model/keys.ts';
import {NOTHING_DRAWN} from '../../src/model/progress.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {ownTemporaryDirectory, scratch} from '../support/processes.ts';
import {filmEvent, inProcess, testPicture} from '../support/test-picture.ts';

it('a run that died while it found no room is taken over, also by who would make room for it', async () => {
  ownTemporaryDirectory();
  const storage = directoryStorage({root: scratch()});
  const renderer = testPicture();
  const {signal} = new AbortController();
  const identity = identify(filmEvent(), {variables: {}, fingerprint: await renderer.fingerprint({signal})});
  const claim = {owner: 'dead', identity, root: 1, handedOver: 0};
  const progress = {...NOTHING_DRAWN, phase: 'rendering', frames: 23, chunks: 3};
  await storage.put(runKey('film', 1, 'claim'), JSON.stringify(claim));
  await storage.put(runKey('film', 1, 'beat'), JSON.stringify({count: 5, starved: true, progress}));
  const handOver = {signal: new AbortController().signal, start: async () => {}};
  const engine = inProcess({renderer, storage});
  const result = await renderJob(
    filmEvent(),
    {renderer, storage, engine, media: ffmpegMedia},
    {},
    {signal, handOver},
  );
  expect(result).toMatchObject({state: 'finished', workers: 3});
});
