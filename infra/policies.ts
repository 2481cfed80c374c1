import {mkdir, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {Argument, Command} from 'commander';
import {z} from 'zod';
import {runCommand} from '../image/command.ts';
import {commandName, IS_INSTALLED, ROOT} from '../image/root.ts';
import {refuseWrongUsage} from '../src/apps/cli/wrong-usage.ts';
import {EVENT_BUS} from '../src/apps/config.ts';
import {RenderError} from '../src/base/errors.ts';
import {
  DOCUMENT_NAMES,
  type DocumentName,
  documentFile,
  documentText,
  type HandPlace,
  PLACEHOLDERS,
} from './documents.ts';
import {queueName} from './rights.ts';
import {readSettings} from './settings.ts';

const Names = z.object({
  account: z.string().regex(/^(\d{12}|ACCOUNT)$/, '12 digits'),
  region: z.string().regex(/^([a-z]{2}(-[a-z]+)+-\d|REGION)$/, 'the name of a region, such as eu-central-1'),
  bucket: z.string().regex(/^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|BUCKET)$/, '3 to 63 of a-z 0-9 . -'),
  // Lambda would take more. ECR and docker take no other, and with `-role` behind it, IAM no longer one.
  function: z
    .string()
    .regex(
      /^(?=.{2,59}$)[a-z][a-z0-9]*([_-][a-z0-9]+)*$/,
      '2 to 59 of a-z 0-9, with a single - or _ between them, and first a letter: what is also the name of a repository',
    ),
  user: z.string().regex(/^[\w+=,.@-]{1,64}$/, 'the name of an IAM user'),
  eventBus: z.string().regex(EVENT_BUS, 'the name or the ARN of an event bus').optional(),
  outputs: z
    .string()
    .optional()
    .transform((list) => readSettings(list ? {outputs: list} : {}).outputs),
});

interface Options extends z.input<typeof Names> {
  out?: string;
  write?: boolean;
}

const command = new Command(IS_INSTALLED ? commandName('policies') : 'npm run -s policies --')
  .usage('[name] [options]')
  .description('Prints the policies of the way by hand, filled in: all of them, or one.')
  .addArgument(new Argument('[name]', 'which one').choices(DOCUMENT_NAMES))
  .option('--account <digits>', 'the AWS account', PLACEHOLDERS.account)
  .option('--region <name>', 'the region of function and bucket', PLACEHOLDERS.region)
  .option('--bucket <name>', 'the bucket', PLACEHOLDERS.bucket)
  .option('--function <name>', 'the function', readSettings().name)
  .option('--user <name>', 'the IAM user who does all this', PLACEHOLDERS.user)
  .option(
    '--outputs <list>',
    'where events may have films put: bucket, bucket/prefix, or /prefix of the own one',
  )
  .option('--event-bus <name>', 'the bus of EventBridge that REVIDEO_EVENT_BUS names')
  .option('--out <folder>', 'write them there, each as a file <name>.json, in place of printing them')
  .option(
    '--write',
    'after a change of rights: make policy.json and infra/by-hand/ again, with placeholders',
  );
refuseWrongUsage(command);

function readPlace(options: Options): HandPlace {
  const parsed = Names.safeParse(options);
  if (!parsed.success) {
    const complaints = parsed.error.issues.map(({path: [name = ''], message}) => {
      const value = options[String(name) as keyof typeof Names.shape];
      return `--${String(name)} is ${JSON.stringify(value)}; it must be ${message}.`;
    });
    throw new RenderError('BadSetting', complaints.join('\n'));
  }
  const {function: functionName, region, ...names} = parsed.data;
  return {...names, region, partition: partitionOf(region), functionName, queue: queueName(functionName)};
}

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

await runCommand(async () => {
  command.parse();
  const options = command.opts<Options>();
  const chosen = command.args[0] as DocumentName | undefined;
  const names = chosen ? [chosen] : DOCUMENT_NAMES;
  const place = options.write ? PLACEHOLDERS : readPlace(options);
  if (options.out) await mkdir(options.out, {recursive: true});
  for (const name of names) {
    const text = documentText(name, place);
    if (options.write) await writeFile(join(ROOT, documentFile(name)), text);
    else if (options.out) await writeFile(resolve(options.out, `${name}.json`), text);
    else process.stdout.write(chosen ? text : `// ${name}.json\n${text}`);
  }
});
