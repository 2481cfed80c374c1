import {createWriteStream} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {finished} from 'node:stream/promises';
import {expect, it, onTestFinished, vi} from 'vitest';
import {browserDisk, diskError, fullDiskError} from '../../src/base/disk.ts';
import {RenderError, toPayload, toRenderError} from '../../src/base/errors.ts';
import {Border} from '../../src/base/network/border.ts';
import {withWorkDirectory} from '../../src/base/work-directory.ts';
import {diedError} from '../../src/renderers/revideo/browser-error.ts';
import {compileError} from '../../src/renderers/revideo/compile/compile-error.ts';
import {serveMedia} from '../../src/renderers/revideo/media-server.ts';
import {toPageError} from '../../src/renderers/revideo/page-error.ts';
import {LOOPBACK} from '../support/loopback.ts';
import {startOrigin} from '../support/origin.ts';
import {ownTemporaryDirectory, scratch} from '../support/processes.ts';

/** The error of a write to a full disk: /dev/full answers every write with ENOSPC (full(4)). */
const full = (): Promise<Error> =>
  writeFile('/dev/full', 'x').then(
    () => new Error('not full'),
    (error: Error) => error,
  );
const LEFT = /\d+ MB are left on its disk\. Give the function more temporary storage/;

it('A full disk under a piece of work is DiskFailed, with what and how much is left', async () => {
  ownTemporaryDirectory();
  const work = withWorkDirectory(async () => {
    // As deep as an error of a stream within a pipeline.
    throw new Error('The chunk was not written.', {cause: await full()});
  });
  await expect(work).rejects.toMatchObject({name: 'DiskFailed', message: expect.stringMatching(LEFT)});
  const stream = createWriteStream('/dev/full');
  stream.end('x');
  const error = await finished(stream).catch((error: Error) => error);
  expect(diskError(error, join(scratch(), 'chunk.h264'))).toMatchObject({
    name: 'DiskFailed',
    message: expect.stringMatching(/chunk\.h264 cannot be written: ENOSPC.* \d+ MB are left/),
  });
});

it('An error of a full disk has its name wherever it comes out', async () => {
  const error = new Error('No.', {cause: await full()});
  expect(toPayload(error).errorType).toBe('DiskFailed');
  expect(toRenderError(new Error('no')).name).toBe('Internal');
  const ours = new RenderError('SceneFailed', 'no', {cause: error});
  expect(fullDiskError(ours, '/tmp')).toBe(ours);
});

it('A full disk under the compiler is no mistake of the project', async () => {
  const error = {errors: [{message: 'Could not write: No space left on device (os error 28)'}]};
  expect(await compileError(error, '/project')).toMatchObject({
    name: 'DiskFailed',
    message: expect.stringContaining('there is no room for it: Could not write'),
  });
  expect(await compileError(await full(), '/project')).toMatchObject({name: 'DiskFailed'});
  const unpacking = Object.assign(new Error('Command failed'), {
    code: 1,
    stderr: 'Error: ENOSPC: no space left',
  });
  expect(fullDiskError(unpacking, '/tmp')).toMatchObject({name: 'DiskFailed'});
});

it('A browser that dies where its disk has no room says so', () => {
  // The file system of /proc says that it has none.
  expect(browserDisk('The browser died.', '/proc')).toMatchObject({
    name: 'DiskFailed',
    message: expect.stringMatching(/^The browser died\. 0 MB are left on the disk of \/proc/),
  });
  expect(diedError('The browser died.')).toMatchObject({name: 'BrowserCrashed'});
});

it('A clip that cannot be kept on the disk is no fault of the clip', async () => {
  const {address: other} = await startOrigin({'/a.mp4': {bytes: Buffer.alloc(10)}});
  vi.stubEnv('TMPDIR', join(ownTemporaryDirectory(), 'missing'));
  const folder = scratch();
  const server = await serveMedia(
    {folder, publicFolder: folder, hash: ''},
    {border: new Border({privateHosts: LOOPBACK})},
  );
  onTestFinished(() => server.close());
  const address = `${other}/a.mp4`;
  const said = await server.read('reader', address, undefined).catch((error: Error) => error.message);
  expect(said).toContain('it cannot be kept');
  const place = {folder, server, hide: (text: string) => text};
  const failure = {kind: 'media', message: `${address} cannot be read: ${said}.`} as const;
  expect(await toPageError(failure, place)).toMatchObject({
    name: 'DiskFailed',
    message: expect.stringContaining('cannot be written: ENOENT'),
  });
});
