import {variablesKey} from '../src/model/keys.ts';
import {lifecycleRules} from './lifecycle.ts';
import {
  bucketArn,
  FILMS,
  objectsArn,
  type Place,
  type PolicyDocument,
  policy,
  roleStatements,
} from './rights.ts';
import {userStatements} from './user-rights.ts';

/** A place, and who works there by hand. */
export interface HandPlace extends Place {
  /** The name of an IAM user. */
  user: string;
}

/** The documents that the way by hand gives to `aws`: by file name, without `.json`. */
export const documents = {
  /** The bucket's policy: `aws s3api put-bucket-policy`. */
  bucket: (place: HandPlace): PolicyDocument =>
    policy([
      {
        Sid: 'AnybodyMayReadFinishedFilms',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: FILMS.map((prefix) => objectsArn(place, prefix)),
      },
      {
        // Variables that are too large for an event; of all else in `jobs/` the function alone is the author.
        Sid: 'UserMayStoreVariables',
        Effect: 'Allow',
        Principal: {AWS: `arn:${place.partition}:iam::${place.account}:user/${place.user}`},
        Action: 's3:PutObject',
        Resource: `${bucketArn(place)}/${variablesKey('*')}`,
      },
      {
        Sid: 'NobodyWithoutTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucketArn(place), `${bucketArn(place)}/*`],
        Condition: {Bool: {'aws:SecureTransport': 'false'}},
      },
    ]),
  /** The bucket's lifecycle: `aws s3api put-bucket-lifecycle-configuration`. */
  lifecycle: () => ({
    Rules: lifecycleRules().map(({id, prefix = '', days, unfinished}) => ({
      ID: id,
      Status: 'Enabled',
      Filter: {Prefix: prefix},
      ...(days && {Expiration: {Days: days}}),
      ...(unfinished && {AbortIncompleteMultipartUpload: {DaysAfterInitiation: unfinished}}),
    })),
  }),
  /** The trust policy of the role: `aws iam create-role`. Lambda alone. */
  trust: () => ({
    Version: '2012-10-17',
    Statement: [{Effect: 'Allow', Principal: {Service: 'lambda.amazonaws.com'}, Action: 'sts:AssumeRole'}],
  }),
  /** The function's permissions: `aws iam put-role-policy`. */
  role: (place: HandPlace): PolicyDocument => policy(roleStatements(place)),
  /** The user's permissions: `aws iam create-policy`. */
  user: (place: HandPlace): PolicyDocument => policy(userStatements(place)),
} as const;

/** The name of a document. */
export type DocumentName = keyof typeof documents;

/** The names of all documents. */
export const DOCUMENT_NAMES = Object.keys(documents) as DocumentName[];

/** The path of each in the repository, with placeholders; every reader needs the bucket's one. */
export const documentFile = (name: DocumentName): string =>
  name === 'bucket' ? 'policy.json' : `infra/by-hand/${name}.json`;

/** The placeholders of those files for the names of a place. */
export const PLACEHOLDERS: HandPlace = {
  partition: 'aws',
  region: 'REGION',
  account: 'ACCOUNT',
  bucket: 'BUCKET',
  functionName: 'FUNCTION',
  queue: 'FUNCTION-failed',
  user: 'USER',
};

/** A document as a file has it. */
export const documentText = (name: DocumentName, place: HandPlace): string =>
  `${JSON.stringify(documents[name](place), null, 2)}\n`;
