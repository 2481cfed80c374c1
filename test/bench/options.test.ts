import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {describe, expect, it} from 'vitest';
import {readOptions} from '../../bench/options.ts';

const RUN = fileURLToPath(new URL('../../bench/run.ts', import.meta.url));

describe('the options of the benchmark', () => {
  it('are, left out, those of a whole run', () => {
    const {parts, ...others} = readOptions([]);
    expect([...parts]).toEqual(['films', 'chunks', 'commands', 'quality']);
    expect(others).toEqual({runs: 3, workers: [1, 4, 25], scenes: ['clip', 'shapes'], scale: false});
  });

  it('are read', () => {
    const read = readOptions(['--quick', '--parts', 'quality,films', '--scene', 'clip', '--workers', '1,25']);
    expect(read).toEqual({
      runs: 1,
      workers: [1, 25],
      scenes: ['clip'],
      parts: new Set(['quality', 'films']),
      scale: false,
    });
    expect(readOptions(['--scale', '--runs', '2'])).toMatchObject({scale: true, runs: 2});
  });

  it.each([
    [['--speed'], "unknown option '--speed'"],
    [['--parts', 'films,sounds'], '"sounds" is not one of films, chunks, commands, quality.'],
    [['--runs', '0'], 'It takes whole numbers from 1 to 1000.'],
    [['--scene', 'opera'], 'Allowed choices are clip, shapes, all.'],
    [['--scale', '--parts', 'films'], "option '--scale' cannot be used with option '--parts <list>'"],
    [['films'], 'too many arguments'],
  ])('%j end it with a message, before anything is measured', async (args, message) => {
    const {exitCode, stderr, stdout} = await execa(process.execPath, [RUN, ...args], {reject: false});
    expect({exitCode, stdout}).toEqual({exitCode: 1, stdout: ''});
    expect(stderr).toContain(message);
    expect(stderr).toContain('--help');
  });

  it('are explained by --help', async () => {
    const {stdout} = await execa(process.execPath, [RUN, '--help']);
    for (const option of ['--runs', '--workers', '--scene', '--parts', '--scale', '--quick']) {
      expect(stdout).toContain(option);
    }
  });
});
