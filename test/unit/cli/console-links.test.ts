import {expect, it} from 'vitest';
import {insightsLink, logGroupLink} from '../../../src/apps/cli/console-links.ts';

const link = {region: 'eu-central-1', group: '/aws/lambda/films', text: 'my-job.1', seconds: 3600};
/** The text that the console reads from the part behind the `#`. */
const read = (text: string) => decodeURIComponent(text.replaceAll('$', '%'));

it('a query of Logs Insights says function, job and time once it is decoded', () => {
  const [place, fragment = ''] = insightsLink(link).split('#');
  expect(place).toBe('https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1');
  const details = decodeURIComponent(read(fragment)).replaceAll('*', '%');
  expect(decodeURIComponent(details)).toBe(
    "logsV2:logs-insights?queryDetail=~(end~0~start~-3600~timeType~'RELATIVE~unit~'seconds~editorString~'fields @timestamp, @message\n| filter @message like \"my-job.1\"\n| sort @timestamp asc\n| limit 1000~source~(~'/aws/lambda/films))",
  );
});

it('a log group is filtered by the job', () => {
  const fragment = logGroupLink({...link, region: 'cn-north-1'}).split('#')[1] ?? '';
  expect(logGroupLink({...link, region: 'cn-north-1'})).toMatch(
    /^https:\/\/cn-north-1\.console\.amazonaws\.cn\//,
  );
  expect(decodeURIComponent(read(fragment))).toBe(
    'logsV2:log-groups/log-group//aws/lambda/films/log-events?filterPattern="my-job.1"&start=-3600000',
  );
});
