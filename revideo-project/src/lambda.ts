import {fileURLToPath} from 'node:url';
import {lambdaHandler} from '../../src/apps/handler/lambda.ts';

/** The entry on AWS Lambda: renders this project. */
export const handler = lambdaHandler({project: fileURLToPath(new URL('..', import.meta.url))});
