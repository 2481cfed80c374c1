import {expect, onTestFinished, test, vi} from 'vitest';
import {toStandardError} from '../../../local-lambda/log.ts';
import {fixture, invoke, serve} from '../../support/local-lambda.ts';

test('the tail has the output between START and END, and a REPORT', async () => {
  const service = await serve(fixture('echo.ts'));
  const cold = await invoke(service, {}, {LogType: 'Tail'});
  const id = cold.$metadata.requestId;
  const lines = cold.log.split('\n');
  expect(lines.at(-2)).toMatch(
    new RegExp(
      `^REPORT RequestId: ${id}\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\t` +
        'Memory Size: 256 MB\tMax Memory Used: \\d+ MB\tInit Duration: \\d+\\.\\d\\d ms\t$',
    ),
  );
  // Two streams, so in either order.
  expect(lines.slice(2, 4).toSorted()).toEqual(['call 1', 'said on standard error']);
  expect(lines.slice(0, 2)).toEqual(['module loaded', `START RequestId: ${id} Version: $LATEST`]);
  expect(lines.slice(4, -2)).toEqual([`END RequestId: ${id}`]);
  expect(service.logged).toEqual(lines.slice(0, -1));

  const warm = await invoke(service, {}, {LogType: 'Tail'});
  expect(warm.log).toContain('call 2\n');
  expect(warm.log).not.toContain('call 1\n');
  expect(warm.log).not.toContain('Init Duration');
});

test.runIf(process.platform === 'linux')('the memory is measured', async () => {
  const service = await serve(fixture('echo.ts'));
  const {log} = await invoke(service, {}, {LogType: 'Tail'});
  expect(Number(/Max Memory Used: (\d+) MB/.exec(log)?.[1])).toBeGreaterThan(20);
});

test('what steers a terminal is escaped where lines are written to one', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => write.mockRestore());
  const line = '{"a":"\u009b31m\u202e"}\u001b[2J\tß';
  toStandardError(line, {functionName: 'f', logStreamName: 's'});
  expect(write.mock.calls).toEqual([['{"a":"\\u009b31m\\u202e"}\\u001b[2J\tß\n']]);
});

test('no log unless asked for', async () => {
  const service = await serve(fixture('echo.ts'));
  expect((await invoke(service)).log).toBe('');
});

test('all output up to the end is there, and no more than 4 KB of it', async () => {
  const service = await serve(fixture('noisy.ts'));
  for (const _ of [1, 2, 3]) {
    const {log} = await invoke(service, {lines: 100_000}, {LogType: 'Tail'});
    expect(Buffer.byteLength(log)).toBe(4096);
    expect(log).toMatch(/line 99999\nunfinished\nEND RequestId/);
  }
});
