import {execa} from 'execa';

/**
 * `npm run test:image`: builds both images, on Lambda's own base or on a stand-in, and tests them where there
 * is no network but loopback. `-- --reuse` takes existing images. Needs Linux, root, podman (docker's daemon
 * would run them with a network) and iproute2, and debootstrap for the stand-in.
 */
const LAMBDA = 'public.ecr.aws/lambda/nodejs:24';
const STAND_IN = 'lambda-base-stand-in';

const reuse = process.argv.includes('--reuse');
const run = (program: string, ...args: string[]) => execa(program, args, {stdio: ['ignore', 1, 2]});
const works = async (program: string, ...args: string[]) =>
  !(await execa(program, args, {reject: false, stdio: 'ignore'})).failed;

const tool = 'podman';
const pulled = await works(tool, 'pull', LAMBDA);
const base = pulled ? LAMBDA : STAND_IN;
const has = (image: string) => works(tool, 'image', 'inspect', image);

if (!pulled) {
  process.stdout.write(`${LAMBDA} cannot be pulled; ${STAND_IN}, a bare Debian, stands in for it.\n`);
  if (!reuse || !(await has(STAND_IN))) await run('test/image/stand-in.sh', tool);
}
if (!reuse || !(await has('revideo-lambda'))) {
  // A machine that cannot pull that base cannot reach GitHub either.
  const ffmpeg = pulled ? 'ffmpeg-static' : '@ffmpeg-installer/ffmpeg';
  await run('npm', 'run', '--silent', 'image', '--', '--tool', tool, '--base', base, '--ffmpeg', ffmpeg);
}

const tests = ['vitest', 'run', '--config', 'test/image/vitest.config.ts'];
const {exitCode} = await execa(
  'unshare',
  ['--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...tests],
  {
    stdio: ['ignore', 1, 2],
    reject: false,
    // No server outside can be reached: these tests have one of their own.
    env: {IMAGE_TEST_BASE: base, S3_TEST_ENDPOINT: ''},
  },
);
process.exitCode = exitCode ?? 1;
