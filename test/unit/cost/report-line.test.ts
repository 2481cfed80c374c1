import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {reportLine} from '../../../local-lambda/report.ts';
import {readReport} from '../../../src/engines/lambda/report-line.ts';

const ID = '5c9a1a2e-1d8f-4c5e-9f62-6a0a3a1b7c11';
const START = `START RequestId: ${ID} Version: $LATEST\n`;
const END = `END RequestId: ${ID}\n`;
const WARM = {id: ID, durationMs: 1523.4, billedMs: 1524, memoryMb: 3008};
const LINE = `REPORT RequestId: ${ID}\tDuration: 1523.40 ms\tBilled Duration: 1524 ms\tMemory Size: 3008 MB\tMax Memory Used: 702 MB\t`;

const json = (metrics: object, more: object = {}) =>
  JSON.stringify({
    time: '2026-11-21T10:00:01.523Z',
    type: 'platform.report',
    record: {requestId: ID, metrics, ...more},
  });
const METRICS = {durationMs: 1523.4, billedDurationMs: 1524, memorySizeMB: 3008, maxMemoryUsedMB: 702};

describe('readReport', () => {
  it.each([
    ['a warm one', LINE],
    [
      'one that is traced',
      `${LINE}\nXRAY TraceId: 1-692cc6c7-f2ce8d3383524609b99c07a9\tSegmentId: 6e\tSampled: true\t\n`,
    ],
    ['one restored', `${LINE}Restore Duration: 464.58 ms\tBilled Restore Duration: 111 ms\t\n`],
    [
      'one out of time',
      `2026-11-21T10:00:01.523Z ${ID} Task timed out after 1.52 seconds\n\n${LINE}Status: timeout\n\n`,
    ],
    ['one that died', `${LINE}Status: error\tError Type: Runtime.ExitError\n`],
    ['one after what has no end of line', `the last words${LINE}\n`],
  ])('reads %s', (_, text) => {
    expect(readReport(START + END + text)).toEqual(WARM);
  });

  it('reads a cold one', () => {
    const text = `${LINE.replace('Billed Duration: 1524', 'Billed Duration: 2335')}Init Duration: 811.12 ms\t\n`;
    expect(readReport(text)).toEqual({...WARM, billedMs: 2335, initMs: 811.12});
  });

  it.each([
    ['warm', json(METRICS, {status: 'success'}), WARM],
    ['cold', json({...METRICS, initDurationMs: 811.12}, {status: 'success'}), {...WARM, initMs: 811.12}],
    ['out of time', json(METRICS, {status: 'timeout', errorType: 'Sandbox.Timedout'}), WARM],
    ['traced', json(METRICS, {tracing: {spanId: '6e', type: 'X-Amzn-Trace-Id', value: 'Root=1'}}), WARM],
  ])('reads a %s one of a function that logs JSON', (_, line, report) => {
    const start = JSON.stringify({type: 'platform.start', record: {requestId: ID, version: '$LATEST'}});
    expect(readReport(`${start}\n{"level":"INFO","message":"done"}\n${line}\n`)).toEqual(report);
  });

  it('takes the last, and not what the function says of others', () => {
    const other = LINE.replace(ID, 'another').replace('1524', '9');
    expect(readReport(`${other}\n${LINE}\n`)).toEqual(WARM);
    expect(readReport(`${LINE}\n{"message":"no \\"platform.report\\" {"}\n`)).toEqual(WARM);
  });

  it('knows nothing where there is no whole one', () => {
    expect(readReport('')).toBeUndefined();
    expect(readReport(START + END)).toBeUndefined();
    for (const whole of [LINE, json(METRICS)])
      for (let cut = 1; cut < whole.length; cut++) expect(readReport(whole.slice(cut))).toBeUndefined();
  });

  it('reads what the local service writes, at the end of any tail', () => {
    const millis = fc.integer({min: 0, max: 90_000_000}).map((hundredths) => hundredths / 100);
    fc.assert(
      fc.property(
        fc.record({
          requestId: fc.uuid(),
          durationMs: millis,
          memoryMb: fc.integer({min: 128, max: 10_240}),
          maxMemoryMb: fc.integer({min: 1, max: 10_240}),
          initMs: fc.option(millis, {nil: undefined}),
        }),
        fc.string(),
        ({initMs, ...warm}, before) => {
          const line = reportLine({...warm, ...(initMs !== undefined && {initMs})});
          const {requestId: id, durationMs, memoryMb} = warm;
          const billedMs = Math.ceil(durationMs + (initMs ?? 0));
          const report = {id, durationMs, memoryMb, billedMs, ...(initMs !== undefined && {initMs})};
          expect(readReport(`${before}\n${line}\n`)).toEqual(report);
        },
      ),
    );
  });
});
