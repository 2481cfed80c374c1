import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {project, runCli} from '../support/cli.ts';
import {scratch} from '../support/processes.ts';

/** Renders a film of its own, and gives the hash of its bytes and its number of chunks. */
async function render(workers: number, quality: string) {
  const storage = scratch();
  const args = ['render', '--project', project('shapes'), '--storage', storage];
  const {code, stdout} = await runCli([...args, '--workers', String(workers), '--quality', quality]);
  expect(code).toBe(0);
  const {key, workers: chunks, segments} = JSON.parse(stdout);
  const sha256 = createHash('sha256')
    .update(readFileSync(join(storage, key)))
    .digest('hex');
  return {sha256, chunks, segments};
}

test.each(['cheapest', 'balanced'])(
  'a film in %s has the same bytes for any number of workers',
  async (quality) => {
    const [one, two, many] = [
      await render(1, quality),
      await render(2, quality),
      await render(1000, quality),
    ];
    expect(two.sha256).toBe(one.sha256);
    expect(many.sha256).toBe(one.sha256);
    // 61 frames at 30 a second are four segments: more workers have nothing to do.
    expect([one, two, many].map(({chunks, segments}) => [chunks, segments])).toEqual([
      [1, 4],
      [2, 4],
      [4, 4],
    ]);
  },
);
