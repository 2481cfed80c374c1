import {execa} from 'execa';
import {expect, it} from 'vitest';

/** Commands of the README that take too long for `npm test`. */
it('npm start renders the sample', async () => {
  const {stdout} = await execa('npm', ['start']);
  expect(stdout).toMatch(/"state": "finished"/);
  expect(stdout).toMatch(/"frames": 301/);
});
