import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it, vi} from 'vitest';
import {privateAddresses} from '../../../src/apps/cli/private-addresses.ts';
import {scratch} from '../../support/processes.ts';

function project(source: string): string {
  const folder = scratch();
  mkdirSync(join(folder, 'src'));
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'node_modules/a.js'), 'http://localhost:1');
  writeFileSync(join(folder, 'src/project.tsx'), source);
  return folder;
}

it('names the services of this machine and its networks that a project may not reach, and what to set', async () => {
  const source = `const voice = 'http://localhost:8880/v1';
    fetch('https://api.example/'); // https://10.0.0.7/a.mp4
    const again = 'http://localhost:8880/v2', other = "ws://[::1]:9000";`;
  const check = await privateAddresses(project(source));
  expect(check).toMatchObject({name: 'private addresses', state: 'warning'});
  expect(check.detail).toMatch(
    /names localhost:8880 \(src\/project\.tsx:1\), 10\.0\.0\.7 \(src\/project\.tsx:2\), \[::1\]:9000 \(src\/project\.tsx:3\)$/,
  );
  expect(check.mend).toContain('REVIDEO_PRIVATE_HOSTS=localhost:8880,10.0.0.7,[::1]:9000;');
});

it('has nothing to say of hosts that are named', async () => {
  vi.stubEnv('REVIDEO_PRIVATE_HOSTS', 'localhost:8880');
  try {
    expect((await privateAddresses(project(`'http://localhost:8880'`))).state).toBe('ok');
  } finally {
    vi.unstubAllEnvs();
  }
});

it('says what to do where there is no project', async () => {
  expect(await privateAddresses('/not/there')).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('Name the folder of a Revideo project'),
  });
});
