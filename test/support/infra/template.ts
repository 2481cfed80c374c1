import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {App} from 'aws-cdk-lib';
import {Template} from 'aws-cdk-lib/assertions';
import {afterAll} from 'vitest';
import {readSettings} from '../../../infra/settings.ts';
import {RenderStack} from '../../../infra/stack.ts';

const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
afterAll(() => rmSync(outdir, {recursive: true}));
const made = new Map<string, Template>();

/** The template that these settings make, without an account. */
export function templateOf(given: Record<string, unknown> = {}): Template {
  const known = made.get(JSON.stringify(given));
  if (known) return known;
  // The image's sources need not be copied for that.
  const app = new App({outdir, context: {'aws:cdk:disable-asset-staging': true}});
  const template = Template.fromStack(new RenderStack(app, readSettings(given)));
  made.set(JSON.stringify(given), template);
  return template;
}

/** A resource as CDK's assertions have it. */
type Resource = ReturnType<Template['findResources']>[string];

/** The only resource of a type, with its properties. */
export function only(template: Template, type: string): Resource {
  const found = Object.values(template.findResources(type));
  if (!found[0] || found.length > 1) throw new Error(`${found.length} resources are ${type}, not 1.`);
  return found[0];
}

/** A template's placeholders for names that only a deployment knows. */
const NAMES: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'REGION',
  'AWS::AccountId': 'ACCOUNT',
};

/** The attributes of resources without given names: the bucket is called BUCKET, the queue QUEUE. */
const ATTRIBUTES: readonly [RegExp, string][] = [
  [/^Films\w+\.Arn$/, 'arn:aws:s3:::BUCKET'],
  [/^FailedJobs\w+\.Arn$/, 'arn:aws:sqs:REGION:ACCOUNT:QUEUE'],
  [/^FailedJobs\w+\.QueueName$/, 'QUEUE'],
];

/** A template's value with its functions carried out. */
export function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) {
    const name = String(value.Ref);
    return NAMES[name] ?? (name.startsWith('Films') ? 'BUCKET' : name);
  }
  if ('Fn::GetAtt' in value) {
    const asked = (value['Fn::GetAtt'] as [string, string]).join('.');
    return ATTRIBUTES.find(([pattern]) => pattern.test(asked))?.[1] ?? asked;
  }
  if ('Fn::Join' in value) {
    const [between, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(resolved).join(between);
  }
  if ('Fn::FindInMap' in value) return `<${(value['Fn::FindInMap'] as unknown[]).map(resolved).join(' ')}>`;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolved(inner)]));
}
