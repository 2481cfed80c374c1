import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';

/** The kinds of answer: a stack, an XML document, or an error with AWS's code and message. */
export interface Answer {
  stack?: {
    StackName: string;
    StackId?: string;
    StackStatus?: string;
    StackStatusReason?: string;
    bucket?: string;
  };
  xml?: string;
  error?: {status: number; code: string; message: string};
}

/** An AWS of a few sentences. */
export interface Aws {
  /** Variables that lead programs and the SDK to it, and to no other AWS. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

/** The account whose it is. */
export const ACCOUNT = '123456789012';

/**
 * Starts one that knows its callers. `answer` gives its other answers: by the action of a query
 * (`DescribeStacks`), or, for S3, by method and path (`DELETE /films`). Nothing: it refuses.
 */
export async function startAws(answer: (action: string) => Answer | undefined): Promise<Aws> {
  const server = createServer(async (request, response) => {
    const {pathname} = new URL(request.url ?? '', 'http://aws');
    const action = new URLSearchParams(await text(request)).get('Action') ?? `${request.method} ${pathname}`;
    const refused: Answer = {error: {status: 403, code: 'AccessDenied', message: `nobody may ${action}`}};
    const known: Answer | undefined = action === 'GetCallerIdentity' ? {xml: IDENTITY} : answer(action);
    const {stack, error, xml = stack ? stackXml(stack) : ''} = known ?? refused;
    response.writeHead(error?.status ?? 200, {'content-type': 'text/xml'});
    response.end(error ? errorXml({...error, s3: action.includes(' ')}) : xml);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const IDENTITY = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${ACCOUNT}</Account><Arn>arn:aws:iam::${ACCOUNT}:user/me</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

function stackXml({bucket, ...told}: NonNullable<Answer['stack']>): string {
  const all = {StackStatus: 'CREATE_COMPLETE', CreationTime: '2026-01-01T00:00:00Z', ...told};
  const fields = Object.entries(all).map(([name, value]) => `<${name}>${value}</${name}>`);
  const output = `<member><OutputKey>BucketName</OutputKey><OutputValue>${bucket}</OutputValue></member>`;
  if (bucket) fields.push(`<Outputs>${output}</Outputs>`);
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${fields.join('')}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function errorXml({code, message, s3}: NonNullable<Answer['error']> & {s3: boolean}): string {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return s3 ? error : `<ErrorResponse>${error}</ErrorResponse>`;
}
