/** The contents of a link into CloudWatch Logs. */
interface LogLink {
  region: string;
  /** The log group: `/aws/lambda/<function>`. */
  group: string;
  /** The text that each line must contain; of A-Z a-z 0-9 . */
  text: string;
  /** How far back. */
  seconds: number;
}

/** Percent-encodes everything except letters, digits and `-_.`. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** How the console writes what follows its `#`: encoded once more, with `$` for `%`. */
const inFragment = (text: string): string => encodeURIComponent(text).replaceAll('%', '$');

/** A text within a query's details: `*` for `%`, and a quote before it. */
const quoted = (text: string): string => `'${encode(text).replaceAll('%', '*')}`;

/**
 * A query of Logs Insights, ready to run, the oldest line first. AWS documents no such links: this is how the console
 * itself writes them (an object is `~(key~value~…)`).
 */
export function insightsLink({region, group, text, seconds}: LogLink): string {
  const query = `fields @timestamp, @message\n| filter @message like "${text}"\n| sort @timestamp asc\n| limit 1000`;
  const details = `~(end~0~start~-${seconds}~timeType~'RELATIVE~unit~'seconds~editorString~${quoted(query)}~source~(~${quoted(group)}))`;
  const escaped = details.replaceAll(/[~()']/g, encode);
  return `${home(region)}#logsV2:logs-insights${inFragment(`?queryDetail=${escaped}`)}`;
}

/** A log group with only the lines that hold the text. */
export function logGroupLink({region, group, text, seconds}: LogLink): string {
  const filter = `?filterPattern=${encode(`"${text}"`)}&start=-${seconds * 1000}`;
  return `${home(region)}#logsV2:log-groups/log-group/${inFragment(encode(group))}/log-events${inFragment(filter)}`;
}

function home(region: string): string {
  const host = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : 'console.aws.amazon.com';
  return `https://${region}.${host}/cloudwatch/home?region=${region}`;
}
