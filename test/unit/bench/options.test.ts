import {describe, expect, it, vi} from 'vitest';
import {readOptions} from '../../../bench/options.ts';

/** Reads a command line that ends the process; returns what it wrote and the exit code. */
function ended(args: readonly string[]) {
  const text = {stdout: '', stderr: ''};
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      text[name] += String(chunk);
      return true;
    }),
  );
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('ended');
  });
  try {
    expect(() => readOptions(args)).toThrow('ended');
    return {...text, exitCode: exit.mock.calls[0]?.[0]};
  } finally {
    for (const spy of [...spies, exit]) spy.mockRestore();
  }
}

describe('the options of the benchmark', () => {
  it('are, left out, those of a whole run', () => {
    const {parts, ...others} = readOptions([]);
    expect([...parts]).toEqual(['films', 'chunks', 'commands', 'quality', 'segments']);
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
    [['--parts', 'films,sounds'], '"sounds" is not one of films, chunks, commands, quality, segments.'],
    [['--runs', '0'], 'It takes whole numbers from 1 to 1000.'],
    [['--scene', 'opera'], 'Allowed choices are clip, shapes, all.'],
    [['--scale', '--parts', 'films'], "option '--scale' cannot be used with option '--parts <list>'"],
    [['films'], 'too many arguments'],
  ])('%j end it with a message, before anything is measured', (args, message) => {
    const {exitCode, stderr, stdout} = ended(args);
    expect({exitCode, stdout}).toEqual({exitCode: 1, stdout: ''});
    expect(stderr).toContain(message);
    expect(stderr).toContain('--help');
  });
});
