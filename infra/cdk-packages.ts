import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {ROOT} from '../image/root.ts';
import {RenderError} from '../src/base/errors.ts';

/** The packages of a deployment. This package does not bring them: they are 150 MB that only a deployment needs. */
const NEEDED = ['aws-cdk', 'aws-cdk-lib', 'constructs'] as const;

/**
 * Sees that CDK is installed.
 *
 * @throws `ToolMissing` with the command that installs what is missing
 */
export function requireCdk(): void {
  const require = createRequire(import.meta.url);
  const isMissing = (name: string): boolean => {
    try {
      require.resolve(`${name}/package.json`);
      return false;
    } catch {
      return true;
    }
  };
  const missing = NEEDED.filter(isMissing);
  if (missing.length === 0) return;
  const {peerDependencies} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const wanted = missing.map((name) => `${name}@${peerDependencies[name]}`).join(' ');
  throw new RenderError(
    'ToolMissing',
    `A deployment takes CDK, and ${missing.join(', ')} cannot be found. Run: npm install --save-dev ${wanted}`,
  );
}
