import {execa} from 'execa';
import {expect, it} from 'vitest';
import {COMMANDS} from './commands.ts';

const here = Object.entries(COMMANDS).filter(([, proof]) => 'here' in proof);

it.each(here)('%s', async (command) => {
  const {stdout} = await execa(command, {shell: true});
  expect(stdout).not.toBe('');
});
