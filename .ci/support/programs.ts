import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** Programs in a folder that goes before all others of `PATH`. */
export interface Programs {
  folder: string;
  /** The arguments with which a program was called, a line each. */
  calls(program: 'docker' | 'aws'): string[];
}

/** Where the policy is that the bucket had. */
export const policyOf = (folder: string): string => join(folder, 'bucket-policy.json');

/**
 * Puts stand-ins for docker and aws into a folder. Docker says yes to everything, and knows no image yet: there is none
 * on machines where this runs. `aws` is the real one, less an option that version 1,
 * which pip installs, does not know.
 */
export function standIns(folder: string): Programs {
  const log = (program: string) => join(folder, `${program}.log`);
  const script = (program: string, ...lines: string[]) => {
    const path = join(folder, program);
    writeFileSync(
      path,
      ['#!/bin/bash', `{ echo "$*" | tr '\\n' ' '; echo; } >>'${log(program)}'`, ...lines, ''].join('\n'),
    );
    chmodSync(path, 0o755);
  };
  script(
    'docker',
    'case $1 in',
    '  login) grep -q . || exit 1;;',
    // CDK's question before it builds; this answer makes it build.
    '  inspect) exit 1;;',
    'esac',
  );
  script(
    'aws',
    // Not left to AWS_ENDPOINT_URL: version 1 does not follow it to SQS.
    `real() { ${process.env.AWS_CLI ?? 'aws'} --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }`,
    'for arg; do',
    '  shift',
    '  case $arg in --cli-binary-format|raw-in-base64-out) ;; *) set -- "$@" "$arg";; esac',
    'done',
    // moto does not know this one: aws reads it and sends nothing.
    '[ "$2" != put-function-recursion-config ] || set -- "$@" --generate-cli-skeleton output',
    'real "$@" || exit',
    'case $2 in',
    // moto's functions do nothing: this is the film.
    '  invoke) real s3api put-object --bucket "$BUCKET" --key renders/12345.mp4;;',
    // moto takes what is denied without TLS for denied: the policy is kept for the test, and taken away.
    `  put-bucket-policy) real s3api get-bucket-policy --bucket "$BUCKET" --query Policy --output text >'${policyOf(folder)}'`,
    '    real s3api delete-bucket-policy --bucket "$BUCKET";;',
    'esac',
  );
  return {
    folder,
    calls: (program) =>
      existsSync(log(program)) ? readFileSync(log(program), 'utf8').trim().split(/ *\n/) : [],
  };
}
