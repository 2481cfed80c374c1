import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, it} from 'vitest';

const BUILD = fileURLToPath(new URL('../../build.ts', import.meta.url));

// A project that is found would be compiled into `dist/`, which other tests may be using.
it.each([
  ['REVIDEO_PROJECT', '/nowhere/nope', 2, /^ProjectNotFound: There is no folder and no file .*nope\./],
  ['REVIDEO_TYPE_CHECK', 'maybe', 2, /^BadSetting: .*REVIDEO_TYPE_CHECK.*maybe/],
])('npm run build with %s=%s says what is wrong, without a stack', async (name, value, code, message) => {
  const {exitCode, stderr, stdout} = await execa(process.execPath, [BUILD], {
    reject: false,
    env: {[name]: value},
  });
  expect({exitCode, stdout}).toEqual({exitCode: code, stdout: ''});
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at |Node\.js v/m);
});
