import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {aws_ecr_assets as assets, DockerBuildSecret, aws_lambda as lambda} from 'aws-cdk-lib';
import {RenderError} from '../src/errors.ts';
import {ROOT} from './root.ts';

/** The image that `npm run image` makes of Dockerfile.base. */
export const BASE_IMAGE = 'revideo-lambda-base';

/** Never part of an image, whatever .dockerignore says: node_modules alone would be 2 GB to copy. */
const EXCLUDE = ['node_modules', '**/node_modules', '.git', 'out', 'dist', '**/cdk.out'];

/** The function's image, built from `Dockerfile` on the base image when the stack is deployed. */
export function functionImage(project: string): lambda.DockerImageCode {
  if (!existsSync(join(ROOT, project)))
    throw new RenderError('BadSetting', `--project is ${JSON.stringify(project)}; there is no such folder.`);
  const npmrc = join(homedir(), '.npmrc');
  return lambda.DockerImageCode.fromImageAsset(ROOT, {
    file: 'Dockerfile',
    buildArgs: {BASE: BASE_IMAGE, PROJECT: project},
    platform: assets.Platform.LINUX_AMD64,
    exclude: EXCLUDE,
    // As npm run image has it. All else that decides what is in either image is a file of the repository.
    ...(existsSync(npmrc) && {buildSecrets: {npmrc: DockerBuildSecret.fromSrc(npmrc)}}),
    invalidation: {buildSecrets: false},
  });
}
