import {makeScene2D} from '@revideo/2d';
import {makeProject} from '@revideo/core';

const scene = makeScene2D('scene', function* () {
  yield;
});

const table: Record<string, {colour: string}> = {};

/** A table without the wanted row: found only when the project is loaded. */
export const colour = table.missing!.colour;

export default makeProject({scenes: [scene]});
