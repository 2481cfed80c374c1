import {expect, it} from 'vitest';
import {ownContext, readSettings} from '../../../infra/settings.ts';

it('has a default for everything', () => {
  expect(readSettings()).toEqual({
    name: 'revideo-render',
    memory: 3008,
    timeout: 900,
    tmp: 2048,
    architecture: 'x86_64',
    publicRenders: false,
    functionUrl: false,
    logDays: 30,
    project: 'revideo-project',
    env: {},
  });
});

it('leaves CDK its own part of a context', () => {
  const ofCdk = {
    ...{'aws:cdk:enable-path-metadata': true, '@aws-cdk/core:x': true},
    ...{'acknowledged-issue-numbers': [34892], 'cli-telemetry': false},
  };
  expect(ownContext({...ofCdk, memory: 4096, memmory: 1})).toEqual({memory: 4096, memmory: 1});
});

it('takes text, as a command line has it, and values, as cdk.json does', () => {
  const values = {memory: 4096, concurrencyCap: 2, publicRenders: true, env: {REVIDEO_ATTEMPTS: '4'}};
  const text = {memory: '4096', concurrencyCap: '2', publicRenders: 'true', env: '{"REVIDEO_ATTEMPTS": "4"}'};
  expect(readSettings(text)).toEqual(readSettings(values));
  expect(readSettings({functionUrl: 'false'}).functionUrl).toBe(false);
});

it.each([
  [{name: 'my_films'}, '--name is "my_films"; it must be a letter and up to 55 letters, digits and -.'],
  [{memory: '1000'}, '--memory is "1000"; it must be a whole number from 1024 to 10240.'],
  [{memory: '2048.5'}, '--memory is "2048.5"; it must be a whole number from 1024 to 10240.'],
  [{timeout: '901'}, '--timeout is "901"; it must be a whole number from 60 to 900.'],
  [{tmp: 'much'}, '--tmp is "much"; it must be a whole number from 512 to 10240.'],
  [
    {architecture: 'arm64'},
    '--architecture is "arm64"; it must be x86_64: the browser in the image is made for nothing else yet.',
  ],
  [{concurrencyCap: 1}, '--concurrency-cap is 1; it must be a whole number from 2 to 100000.'],
  [{maxCost: 0}, '--max-cost is 0; it must be a number of US dollars above 0, at most 10000.'],
  [{maxCost: 'little'}, '--max-cost is "little"; it must be a number of US dollars above 0, at most 10000.'],
  [{publicRenders: 'yes'}, '--public-renders is "yes"; it must be true or false.'],
  [{logDays: 2}, '--log-days is 2; it must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365.'],
  [{alarmEmail: 'me'}, '--alarm-email is "me"; it must be an e-mail address.'],
  [{outputs: 'Not A Bucket'}, '--outputs is "Not A Bucket"; it must be buckets (films-of-others)'],
  [{corsOrigins: 'films.example.com'}, '--cors-origins is "films.example.com"; it must be addresses such as'],
  [{project: '../films'}, '--project is "../films"; it must be a folder of this repository'],
  [{env: {AWS_REGION: 'x'}}, '--env cannot be used: it takes texts by their names, and none of the names'],
  [{env: {REVIDEO_BUCKET_NAME: 'x'}}, '--env cannot be used: it takes texts by their names'],
  [{env: {REVIDEO_TMP_MB: '512'}}, '--env cannot be used: it takes texts by their names'],
  [{env: 'REVIDEO_ATTEMPTS'}, '--env cannot be used: it takes texts by their names'],
  [
    {env: {REVIDEO_ATTEMPTS: '11'}},
    '--env cannot be used: REVIDEO_ATTEMPTS is "11"; it must be a whole number from 1 to 10.',
  ],
  [{memmory: 4096}, 'There is no setting memmory; there are name, memory, timeout, '],
])('%j is refused with what is allowed', (given, message) => {
  expect(() => readSettings(given)).toThrow(expect.objectContaining({name: 'BadSetting'}));
  expect(() => readSettings(given)).toThrow(message);
});

it('tells of every mistake at once, and of no secret', () => {
  const given = {memory: 1, timeout: 1, env: {REVIDEO_HTTP_SECRET: 'hush'}};
  expect(() => readSettings(given)).toThrow(
    [
      '--memory is 1; it must be a whole number from 1024 to 10240.',
      '--timeout is 1; it must be a whole number from 60 to 900.',
      '--env cannot be used: REVIDEO_HTTP_SECRET cannot be used; it must be at least 16 characters long.',
    ].join('\n'),
  );
});
