import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {project, runCli} from '../../support/cli.ts';
import {framesOf} from '../../support/film.ts';
import {scratch} from '../../support/processes.ts';

const FRAMES = 61;

test('render --out: one JSON object on standard output, one film, and nothing beside it', async () => {
  const directory = scratch();
  const film = join(directory, 'film.mp4');
  const {code, stdout, stderr} = await runCli([
    'render',
    '--project',
    project('shapes'),
    '--workers',
    '3',
    '--variables',
    '{"message":"hi"}',
    '--out',
    film,
    '--job-id',
    'X',
    '--json',
    '--storage',
    scratch(),
  ]);
  expect({code, stderr}).toEqual({code: 0, stderr: expect.stringMatching(/planning.*\n(.*\n)*finished/)});
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({jobId: 'X', frames: FRAMES, workers: 3, bucket: directory, key: 'film.mp4'});
  expect(fileURLToPath(result.resultUrl)).toBe(film);
  expect(readdirSync(directory)).toEqual(['film.mp4']);
  expect(readFileSync(film).length).toBe(result.bytes);
  expect(await framesOf(film)).toBe(result.frames);
});
