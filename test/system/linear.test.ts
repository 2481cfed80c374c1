import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, it} from 'vitest';

const PROGRAM = fileURLToPath(new URL('../support/read-hostile-texts.ts', import.meta.url));

/** Milliseconds: ten times what it takes. A pattern that goes back and forth in its text takes hours. */
const PATIENCE = 240_000;

// A process of its own: nothing else ends a pattern that is at work. It says each name when it is done.
it(
  'whatever text of customers, pages and servers meets is done with a megabyte of it',
  async () => {
    const {stdout, stderr} = await execa(process.execPath, [PROGRAM], {reject: false, timeout: PATIENCE});
    expect({said: stdout.split('\n'), stderr}).toMatchObject({said: expect.arrayContaining(['all'])});
  },
  PATIENCE + 10_000,
);
