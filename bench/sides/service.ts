import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {InvokeCommand, LambdaClient} from '@aws-sdk/client-lambda';
import {execaNode} from 'execa';
import {fromPayload} from '../../src/base/errors.ts';

/** The local Lambda service from start to end, with one Invoke of a full render. */
const [, project = '', work = '', workers = ''] = process.argv.slice(2);
const command = fileURLToPath(new URL('../../src/apps/cli/main.ts', import.meta.url));
const service = execaNode(command, ['serve', '--port', '0', '--project', project, '--storage', work], {
  stdin: 'ignore',
  stdout: 2,
  reject: false,
});
const [first] = (await once(service.stderr, 'data')) as [Buffer];
const [endpoint, name] = [/http:\S+/.exec(String(first))?.[0], /Function (\S+)/.exec(String(first))?.[1]];
service.stderr.pipe(process.stderr);
try {
  if (!endpoint || !name) throw new Error(`The service did not say where it listens: ${first}`);
  const lambda = new LambdaClient({
    endpoint,
    region: 'local',
    credentials: {accessKeyId: 'local', secretAccessKey: 'local'},
    maxAttempts: 1,
  });
  const event = {jobType: 'fullRender', jobId: 'bench', numWorkers: Number(workers)};
  const answer = await lambda.send(new InvokeCommand({FunctionName: name, Payload: JSON.stringify(event)}));
  const result = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
  if (answer.FunctionError) throw fromPayload(result);
  console.log(JSON.stringify({frames: result.frames}));
} finally {
  service.kill('SIGTERM');
  await service;
}
