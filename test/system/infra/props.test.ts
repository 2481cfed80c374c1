import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {App, aws_ecr as ecr, Fn, Lazy, aws_lambda as lambda, Stack} from 'aws-cdk-lib';
import {Template} from 'aws-cdk-lib/assertions';
import {afterAll, expect, it} from 'vitest';
import {RevideoRender, type RevideoRenderProps} from '../../../infra/revideo-render.ts';

const outdir = mkdtempSync(join(tmpdir(), 'props-'));
afterAll(() => rmSync(outdir, {recursive: true}));

/** A stack with a construct for each set of properties, which may be anything: a caller may write JavaScript. */
function stackOf(...all: unknown[]): Stack {
  const stack = new Stack(new App({outdir}), 'films');
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'films');
  const code = lambda.DockerImageCode.fromEcr(repository);
  for (const [index, props] of all.entries()) {
    const isObject = typeof props === 'object' && props !== null;
    const given = isObject ? {code, ...props} : props;
    new RevideoRender(stack, `Films${index}`, given as RevideoRenderProps);
  }
  return stack;
}

it.each<[unknown, string]>([
  [null, 'The properties are null; they must be an object such as {memory: 4096}.'],
  [{memory: Number.NaN}, 'memory is NaN; it must be a whole number from 1024 to 10240.'],
  [{timeout: Infinity}, 'timeout is Infinity; it must be a whole number from 60 to 900.'],
  [{tmp: 5n}, 'tmp is 5n; it must be a whole number from 512 to 10240.'],
  [{concurrencyCap: ''}, 'concurrencyCap is ""; it must be a whole number from 2 to 100000.'],
  [{maxCost: true}, 'maxCost is true; it must be a number of US dollars above 0, at most 10000.'],
  [{logDays: [30]}, 'logDays is [ 30 ]; it must be one of 1, 3,'],
  [{name: 'a_b'}, 'name is "a_b"; it must be a letter and up to 55 letters, digits and -.'],
  [{memmory: 1}, 'There is no setting memmory; there are name, memory,'],
  [{env: {AWS_REGION: 'x'}}, 'env cannot be used: it takes texts by their names'],
  [{corsOrigins: 'https://a.example'}, 'corsOrigins is "https://a.example"; it must be a list of texts.'],
  [{outputs: ['films', null]}, 'outputs holds null; it must be a list of texts without commas.'],
  [{code: 'x'}, 'code is "x"; it must be a DockerImageCode of aws-cdk-lib/aws-lambda.'],
  [{code: undefined, project: 5}, 'project is 5; it must be the path of a folder or of a project file.'],
  [{project: '.'}, 'project is "." beside code; it must be left out, or code must be.'],
  [{memory: Lazy.number({produce: () => 2048})}, 'memory is a CDK token, a value that only the deployment'],
  [{outputs: Fn.split(',', Fn.importValue('x'))}, 'outputs is a CDK token, a value that only the deployment'],
])('refuses %o at synthesis, and names the property', (props, message) => {
  const refused = (): string => {
    try {
      stackOf(props);
    } catch (error) {
      const {name, message: said} = error as Error;
      return `${name}: ${said}`;
    }
    return 'not refused';
  };
  // From the first character: no `--option` of the command line.
  expect(refused().slice(0, 'BadSetting: '.length + message.length)).toBe(`BadSetting: ${message}`);
});

it('refuses two functions of one name in a stack', () => {
  expect(() => stackOf({name: 'one'}, {name: 'one'})).toThrow(
    'name is "one", which films/Films0 has too; each RevideoRender of a stack must have a name of its own.',
  );
});

it('takes two functions, empty lists, and tokens for variables', () => {
  const lists = {corsOrigins: [], outputs: []};
  const stack = stackOf({name: 'one', ...lists}, {name: 'two', env: {OTHER: Fn.importValue('other')}});
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
});
