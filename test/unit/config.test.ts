import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it, test, vi} from 'vitest';
import {compose} from '../../src/apps/compose.ts';
import {readConfig} from '../../src/apps/config.ts';
import {PRIVATE_HOSTS} from '../../src/base/network/private-hosts.ts';

afterEach(() => void vi.unstubAllEnvs());

const NOTHING = {
  bucket: undefined,
  directory: undefined,
  project: undefined,
  bundle: undefined,
  typeCheck: undefined,
  concurrency: undefined,
  mediaTimeout: undefined,
  privateHosts: [],
  maxMediaMb: undefined,
  maxFrames: undefined,
  prices: undefined,
  maxCost: undefined,
  tmpMb: undefined,
  httpSecret: undefined,
  functionName: undefined,
};

describe('readConfig', () => {
  it('reads every variable', () => {
    const environment = {
      REVIDEO_BUCKET_NAME: 'films',
      REVIDEO_DIRECTORY: '/films',
      REVIDEO_PROJECT: '/project',
      REVIDEO_BUNDLE: '/bundle',
      REVIDEO_TYPE_CHECK: 'off',
      REVIDEO_VITE_CONFIG: 'on',
      REVIDEO_CACHE: '/cache',
      REVIDEO_CONCURRENCY: '12',
      REVIDEO_MEDIA_TIMEOUT: '45',
      REVIDEO_PRIVATE_HOSTS: 'Media.Internal, cache.internal:8080',
      REVIDEO_MAX_MEDIA_MB: '100',
      REVIDEO_MAX_FRAMES: '5000',
      REVIDEO_MISSING_FONTS: 'warn',
      REVIDEO_PRICES: '{"date": "2026-12-01", "gbSecond": {"arm64": 0.00001}, "write": 0}',
      REVIDEO_MAX_COST: '0.5',
      REVIDEO_TMP_MB: '2048',
      REVIDEO_HTTP_SECRET: 'sixteen letters!',
      AWS_LAMBDA_FUNCTION_NAME: 'render',
      SOMETHING_ELSE: 'is none of ours',
    };
    expect(readConfig(environment)).toEqual({
      bucket: 'films',
      directory: '/films',
      project: '/project',
      bundle: '/bundle',
      typeCheck: 'off',
      viteConfig: 'on',
      cache: '/cache',
      concurrency: 12,
      mediaTimeout: 45,
      privateHosts: [{host: 'media.internal'}, {host: 'cache.internal', port: 8080}],
      maxMediaMb: 100,
      maxFrames: 5000,
      missingFonts: 'warn',
      prices: {date: '2026-12-01', gbSecond: {arm64: 0.00001}, write: 0},
      maxCost: 0.5,
      webhookSecrets: {},
      tmpMb: 2048,
      httpSecret: 'sixteen letters!',
      functionName: 'render',
    });
  });

  it('needs none of them, and takes an empty one for none', () => {
    const names = [
      'BUCKET_NAME',
      'DIRECTORY',
      'PROJECT',
      'RENDERER',
      'BUNDLE',
      'CACHE',
      'CONCURRENCY',
      'MEDIA_TIMEOUT',
      'PRIVATE_HOSTS',
      'MAX_MEDIA_MB',
      'MAX_FRAMES',
      'PRICES',
      'MAX_COST',
      'TMP_MB',
      'HTTP_SECRET',
    ].map((name) => `REVIDEO_${name}`);
    const empty = Object.fromEntries([...names, 'AWS_LAMBDA_FUNCTION_NAME'].map((name) => [name, '']));
    expect(readConfig({})).toMatchObject(NOTHING);
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  it('reads the process environment unless it is given another', () => {
    vi.stubEnv('REVIDEO_BUCKET_NAME', 'from-the-process');
    expect(readConfig().bucket).toBe('from-the-process');
    expect(readConfig({}).bucket).toBeUndefined();
  });

  it.each(['1', '1000', ' 7 '])('takes %j for a concurrency', (text) => {
    expect(readConfig({REVIDEO_CONCURRENCY: text}).concurrency).toBe(Number(text));
  });

  it.each(['0', '-1', '1.5', '1001', 'abc', 'NaN', 'Infinity', ' '])(
    'refuses %j for a concurrency: variable, value and what is allowed',
    (text) => {
      const read = () => readConfig({REVIDEO_CONCURRENCY: text});
      const message = `REVIDEO_CONCURRENCY is ${JSON.stringify(text)}; it must be a whole number from 1 to 1000.`;
      expect(read).toThrow(expect.objectContaining({name: 'BadSetting', retryable: false, message}));
    },
  );

  it.each(['1', '600'])('takes %j for the seconds of a medium', (text) => {
    expect(readConfig({REVIDEO_MEDIA_TIMEOUT: text}).mediaTimeout).toBe(Number(text));
  });

  it.each(['0', '601', '0.5', 'soon'])('refuses %j for the seconds of a medium', (text) => {
    const read = () => readConfig({REVIDEO_MEDIA_TIMEOUT: text});
    const message = `REVIDEO_MEDIA_TIMEOUT is ${JSON.stringify(text)}; it must be a whole number from 1 to 600.`;
    expect(read).toThrow(expect.objectContaining({name: 'BadSetting', message}));
  });

  it.each([
    ['REVIDEO_MAX_MEDIA_MB', '0', 'a whole number from 1 to 1000000'],
    ['REVIDEO_MAX_COST', '0', 'a number of US dollars above 0, at most 10000'],
    ['REVIDEO_MAX_COST', 'NaN', 'a number of US dollars above 0, at most 10000'],
    ['REVIDEO_TMP_MB', '511', 'a whole number from 512 to 10240'],
    ['REVIDEO_MAX_FRAMES', 'endless', 'a whole number from 1 to 10000000'],
    ['REVIDEO_MISSING_FONTS', 'ignore', 'error or warn'],
    ['REVIDEO_PRIVATE_HOSTS', 'http://media.internal/', PRIVATE_HOSTS],
    ['REVIDEO_PRIVATE_HOSTS', 'media.internal:0', PRIVATE_HOSTS],
    ['REVIDEO_PRIVATE_HOSTS', '10.0.0.0/33', PRIVATE_HOSTS],
  ])('refuses %s=%j', (name, text, allowed) => {
    const message = `${name} is ${JSON.stringify(text)}; it must be ${allowed}.`;
    expect(() => readConfig({[name]: text})).toThrow(expect.objectContaining({name: 'BadSetting', message}));
  });

  it.each([
    ['free', undefined],
    ['[]', undefined],
    ['{"gbSecond": 0.00001}', 'gbSecond'],
    ['{"gbSecond": {"riscv": 1}}', 'gbSecond.riscv'],
    ['{"read": -1, "write": "0.005"}', 'write, read'],
    ['{"date": "yesterday"}', 'date'],
    ['{"puts": 0.005}', 'puts'],
  ])('refuses %s for prices, and names the field', (text, field) => {
    const read = () => readConfig({REVIDEO_PRICES: text});
    const message = expect.stringMatching(
      `^REVIDEO_PRICES is .*; it must be a JSON object .*"read"${field ? `: ${field} cannot be used` : ''}\\.$`,
    );
    expect(read).toThrow(expect.objectContaining({name: 'BadSetting', message}));
  });

  it('refuses a secret that can be guessed, and does not tell it', () => {
    const read = () => readConfig({REVIDEO_HTTP_SECRET: 'fifteen letters'});
    const message = 'REVIDEO_HTTP_SECRET cannot be used; it must be at least 16 characters long.';
    expect(read).toThrow(expect.objectContaining({name: 'BadSetting', message}));
  });

  it('refuses a value that is not allowed, and names every wrong variable at once', () => {
    const read = () => readConfig({REVIDEO_TYPE_CHECK: 'blender', REVIDEO_CONCURRENCY: 'many'});
    const message =
      'REVIDEO_TYPE_CHECK is "blender"; it must be error, warn or off. ' +
      'REVIDEO_CONCURRENCY is "many"; it must be a whole number from 1 to 1000.';
    expect(read).toThrow(expect.objectContaining({name: 'BadSetting', message}));
  });

  it('keeps its cache beside the packages, but on Lambda where it may write', () => {
    vi.stubEnv('AWS_LAMBDA_RUNTIME_API', '127.0.0.1:9001');
    vi.stubEnv('LAMBDA_TASK_ROOT', '/var/task');
    expect(readConfig({}).cache).toBe(join(tmpdir(), 'revideo-lambda-cache'));
    vi.stubEnv('LAMBDA_TASK_ROOT', undefined);
    expect(readConfig({}).cache).toBe(join(import.meta.dirname, '../../node_modules/.cache/revideo-lambda'));
  });
});

test('without a bucket and without a directory nothing is composed', () => {
  const config = {...readConfig({}), project: 'revideo-project'};
  expect(() => compose(config)).toThrow(
    expect.objectContaining({name: 'BadSetting', message: expect.stringContaining('REVIDEO_BUCKET_NAME')}),
  );
});

test('a bucket is taken before a directory', () => {
  const config = {...readConfig({}), project: 'revideo-project', directory: '/films'};
  expect(compose(config).storage.bucket).toBe('/films');
  expect(compose({...config, bucket: 'films'}).storage.bucket).toBe('films');
});
