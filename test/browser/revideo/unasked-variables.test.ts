import {expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayProject} from '../../support/throw-away-project.ts';

const SCENE = `
  const {variables} = useScene();
  const message = variables.get('message', 'hi')();
  view.add(<Rect size={10} opacity={() => variables.get('lateAsked', 1)()} />);
  yield* waitFor(0.1);`;

it('a variable that nothing asks for is a warning, with the name that is meant', async () => {
  const project = throwAwayProject({scene: SCENE, variables: {own: 1}});
  const renderer = revideoRenderer({project, cache: readConfig().cache, typeCheck: 'off'});
  onTestFinished(() => renderer.close());
  const warningsOf = async (variables: Record<string, unknown> | undefined) => {
    const {warnings = []} = await renderer.plan(variables, {
      directory: scratch(),
      signal: AbortSignal.timeout(120_000),
    });
    return warnings;
  };
  expect(await warningsOf({mesage: 'hello'})).toEqual([
    'The project never asks for the variable "mesage"; did you mean "message"?',
  ]);
  expect(await warningsOf({message: 'hello', customerNumber: 7})).toEqual([
    'The project never asks for the variable "customerNumber"; it asks for "message", "own".',
  ]);
  // One of the project's own, one that is asked for when a frame is drawn, and none at all.
  expect(await warningsOf({message: 'hello', own: 2, lateAsked: 0.5})).toEqual([]);
  expect(await warningsOf(undefined)).toEqual([]);
});
