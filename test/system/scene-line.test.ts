import {expect, it} from 'vitest';
import {SceneLine, shownLine} from '../../src/model/scene-line.ts';
import {logSceneLine} from '../../src/observers/log.ts';
import {runCli} from '../support/cli.ts';
import {scratch} from '../support/processes.ts';
import {jsonWritten} from '../support/standard-output.ts';
import {throwAwayProject} from '../support/throw-away-project.ts';

const BEFORE = `
import {useLogger} from '@revideo/core';
import {Txt} from '@revideo/2d';
console.log('loaded with', {numbers: [1, 2]});`;

/** The nested call, the circle and the node cannot be written as JSON just so. */
const SCENE = `
  const circle: Record<string, unknown> = {name: 'me'};
  circle.self = circle;
  console.log('begins', circle, 10n, undefined);
  // In a script of which no machine has a font, and in one that none lacks.
  view.add(<Txt text={'\u{12000}\u0416'} fontSize={20} />);
  yield* waitFor(0.5);
  console.warn('in the middle', 'https://files.example.com/a.mp3?X-Amz-Signature=hidden');
  useLogger().info('by the logger');
  yield* waitFor(0.5);`;

it('what a project writes is shown with --verbose, once, with scene and frame; missing characters are named', async () => {
  const project = throwAwayProject({before: BEFORE, scene: SCENE, fps: 6});
  const render = ['render', '--project', project, '--workers', '3', '--type-check', 'off', '--quiet'];
  const {code, stderr} = await runCli(['--verbose', ...render, '--storage', scratch()]);
  expect(stderr).toContain('[the project, when it is loaded] loaded with {"numbers":[1,2]}\n');
  expect(stderr).toContain('[scene, frame 0] begins {"name":"me","self":"[circular]"} 10 undefined\n');
  expect(stderr).toMatch(
    /^\[scene, frame 3\] warn: in the middle https:\/\/files\.example\.com\/a\.mp3\S*$/m,
  );
  expect(stderr).toContain('[scene, frame 3] by the logger\n');
  expect(stderr).not.toContain('hidden');
  expect(stderr).toMatch(/^Warning: No font has the character \u{12000} \(U\+12000\); a box is drawn/mu);
  expect(stderr.match(/^(\[|Warning)/gm)).toHaveLength(5);
  expect(code).toBe(0);
});

it('what a project writes is in the log of a worker, at its level, and hostile lines are cut', async () => {
  const written = await jsonWritten(async () => {
    logSceneLine({level: 'warn', text: 'hot', scene: 'kitchen', frame: 12});
    logSceneLine({level: 'info', text: 'loaded'});
  });
  expect(written).toMatchObject([
    {level: 'WARN', message: 'scene', text: 'hot', scene: 'kitchen', frame: 12},
    {level: 'INFO', message: 'scene', text: 'loaded'},
  ]);
  expect(SceneLine.parse({level: 'info', text: 'x'.repeat(9_999)}).text).toHaveLength(2_000);
  expect(SceneLine.safeParse({level: 'fatal', text: ''}).success).toBe(false);
  expect(shownLine({level: 'error', text: 'no', scene: 'a', frame: 1})).toBe('[a, frame 1] error: no');
});
