import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {aws_ecr_assets as assets, DockerBuildSecret, IgnoreMode, aws_lambda as lambda} from 'aws-cdk-lib';
import {buildArguments} from '../image/project.ts';
import {ROOT} from '../image/root.ts';
import {RenderError} from '../src/base/errors.ts';

/** The function's image, built from `Dockerfile` on the base image when the stack is deployed. */
export function functionImage(project: string): lambda.DockerImageCode {
  if (!existsSync(join(ROOT, project)))
    throw new RenderError(
      'BadSetting',
      `--project is ${JSON.stringify(project)}; there is no such folder or file.`,
    );
  const npmrc = join(homedir(), '.npmrc');
  return lambda.DockerImageCode.fromImageAsset(ROOT, {
    file: 'Dockerfile',
    buildArgs: buildArguments(project),
    platform: assets.Platform.LINUX_AMD64,
    // The files that .dockerignore leaves in decide whether the image is built again: both images are made of
    // them.
    ignoreMode: IgnoreMode.DOCKER,
    // The base's identity beyond these files: a newer one of Lambda's is a reason to build again.
    ...(process.env.BASE_IMAGE_ID && {extraHash: process.env.BASE_IMAGE_ID}),
    // As npm run image has it.
    ...(existsSync(npmrc) && {buildSecrets: {npmrc: DockerBuildSecret.fromSrc(npmrc)}}),
    invalidation: {buildSecrets: false},
  });
}
