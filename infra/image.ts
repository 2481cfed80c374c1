import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {aws_ecr_assets as assets, IgnoreMode, aws_lambda as lambda} from 'aws-cdk-lib';
import {RenderError} from '../src/errors.ts';
import {ROOT} from './root.ts';

/** The image that `npm run image` makes of Dockerfile.base. */
export const BASE_IMAGE = 'revideo-lambda-base';

/**
 * No part of an image, whatever .dockerignore says, unless the project is there: node_modules alone would be 2 GB to
 * copy, and a test that changes would be a reason to deploy.
 */
const EXCLUDE = [
  ...['node_modules', '**/node_modules', '.git', 'out', 'dist', 'coverage', '.vitest'],
  ...['test', 'bench', 'docs', '.ci', '*.md'],
];

/** What the base image is made of: where one of these changes, so does the function's image. */
const BASE_FILES = ['Dockerfile.base', 'package-lock.json'];

/** The function's image, built from `Dockerfile` on the base image when the stack is deployed. */
export function functionImage(project: string): lambda.DockerImageCode {
  if (!existsSync(join(ROOT, project)))
    throw new RenderError('BadSetting', `--project is ${JSON.stringify(project)}; there is no such folder.`);
  const hash = createHash('sha256');
  for (const file of BASE_FILES)
    if (existsSync(join(ROOT, file))) hash.update(readFileSync(join(ROOT, file)));
  return lambda.DockerImageCode.fromImageAsset(ROOT, {
    file: 'Dockerfile',
    buildArgs: {BASE: BASE_IMAGE, PROJECT: project},
    platform: assets.Platform.LINUX_AMD64,
    // As docker reads .dockerignore.
    ignoreMode: IgnoreMode.DOCKER,
    exclude: EXCLUDE.filter((folder) => !project.startsWith(`${folder}/`)),
    extraHash: hash.digest('hex'),
  });
}
