import {type Command, Option} from 'commander';
import {RenderError} from '../../base/errors.ts';
import {HIGHEST_MAX_COST, MAX_COST} from '../../model/max-cost.ts';

/** Where a job is, as it comes from the command line. */
export interface Place {
  function?: string;
  endpointUrl?: string;
  region?: string;
  bucket?: string;
  storage?: string;
}

/** Adds the options that say where a job is: the same for every command about one. */
export const placeOptions = (command: Command): Command =>
  command
    .optionsGroup('Where the job is:')
    .option('--storage <folder>', 'a folder of this machine (default: out)')
    .addOption(
      new Option('--bucket <name>', 'a bucket of S3, read without the function').conflicts('storage'),
    )
    .option('--function <name>', 'a Lambda function that renders it, by name or ARN')
    .option('--endpoint-url <url>', "a service other than AWS's own, such as the one serve starts")
    .option('--region <name>', 'the AWS region (default: as the AWS SDK finds it)')
    .optionsGroup('Options:');

/** A job's cost limit, in US dollars. Throws `BadSetting`. */
export function maxCostOf(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= HIGHEST_MAX_COST) return value;
  throw new RenderError('BadSetting', `--max-cost is ${JSON.stringify(text)}; it must be ${MAX_COST}.`);
}

/** A whole number that an option gives. Throws `BadSetting` that names the option. */
export function whole(option: string, text: string, {min, max}: {min: number; max: number}): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RenderError(
    'BadSetting',
    `--${option} is ${JSON.stringify(text)}; it must be a whole number from ${min} to ${max}.`,
  );
}
