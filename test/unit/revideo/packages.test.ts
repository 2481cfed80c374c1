import {realpathSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {
  findPackage,
  packagesFor,
  revideoVersion,
  versionWarning,
} from '../../../src/renderers/revideo/packages.ts';
import {folderOf} from '../../support/compiled.ts';

const manifest = (name: string, version: string) => JSON.stringify({name, version});
/** A folder in which these versions are installed, as far as manifests say. */
const installed = ({core, twoD}: {core?: string; twoD?: string}) =>
  realpathSync(
    folderOf({
      'package.json': '{}',
      ...(core && {'node_modules/@revideo/core/package.json': manifest('@revideo/core', core)}),
      ...(twoD && {'node_modules/@revideo/2d/package.json': manifest('@revideo/2d', twoD)}),
    }),
  );

describe('The Revideo of a project', () => {
  it.each(['0.10.3', '0.10.4', '0.11.0'])('is its own: %s', (version) => {
    const folder = installed({core: version, twoD: version});
    const packages = packagesFor(folder);
    expect(packages['@revideo/core']).toBe(join(folder, 'node_modules/@revideo/core'));
    expect(revideoVersion(packages)).toBe(version);
    expect(versionWarning({folder, packages})).toBeUndefined();
  });

  it.each(['0.10.1', '0.11.1', '0.11.0-canary.4', '0.12.0', '1.0.0'])(
    'is taken untried, with a warning: %s',
    (version) => {
      const folder = installed({core: version, twoD: version});
      expect(versionWarning({folder, packages: packagesFor(folder)})).toContain(
        `uses Revideo ${version}, which`,
      );
    },
  );

  it.each(['0.10.3', '^0.10.3', '~0.10.0', '0.5.10', '0.11.1'])(
    'is ours with a warning where it asks for %s and nothing is installed',
    (asked) => {
      const folder = folderOf({'package.json': JSON.stringify({dependencies: {'@revideo/core': asked}})});
      const warning = versionWarning({folder, packages: packagesFor(folder)});
      expect(warning).toContain(`asks for Revideo ${asked}, which is not installed`);
      expect(warning).toContain('drawn with Revideo 0.11.0');
    },
  );

  it.each(['0.11.0', '^0.11.0', '~0.11.0', '>=0.10.0', '*', 'latest', 'workspace:*', undefined])(
    'is ours without a warning where it asks for %s',
    (asked) => {
      const folder = folderOf({'package.json': JSON.stringify({devDependencies: {'@revideo/core': asked}})});
      expect(versionWarning({folder, packages: packagesFor(folder)})).toBeUndefined();
    },
  );

  it.each(['0.5.10', '0.4.1', '0.9.0'])('is refused in one sentence where it is too old: %s', (version) => {
    const folder = installed({core: version, twoD: version});
    expect(() => packagesFor(folder)).toThrow(
      expect.objectContaining({
        name: 'ProjectBroken',
        message: `The project in ${folder} uses @revideo/core ${version} (node_modules/@revideo/core); revideo-lambda needs 0.10.0 or newer. Run: npm install @revideo/core@0.11.0 @revideo/2d@0.11.0`,
      }),
    );
  });

  it.each([
    [
      'of two versions',
      {core: '0.11.0', twoD: '0.10.4'},
      /two versions of Revideo: @revideo\/core 0\.11\.0 .* and @revideo\/2d 0\.10\.4/,
    ],
    ['one of which is too old', {core: '0.11.0', twoD: '0.5.9'}, /uses @revideo\/2d 0\.5\.9/],
    [
      'without 2d',
      {core: '0.11.0'},
      /has @revideo\/core 0\.11\.0 \(.*\) but not @revideo\/2d\. Run: npm install @revideo\/2d@0\.11\.0/,
    ],
    ['without core', {twoD: '0.10.4'}, /has @revideo\/2d 0\.10\.4 \(.*\) but not @revideo\/core/],
  ])('is refused %s', (_, versions, message) => {
    expect(() => packagesFor(installed(versions))).toThrow(message);
  });

  it("is refused by name in yarn's Plug'n'Play", () => {
    const folder = folderOf({'.pnp.cjs': 'data = [["@revideo/core", []]]', 'film/package.json': '{}'});
    expect(() => packagesFor(join(folder, 'film'))).toThrow(/Plug'n'Play .*nodeLinker: node-modules/);
  });

  it('is found above the folder, and is ours where there is none', () => {
    const folder = installed({core: '0.10.4', twoD: '0.10.4'});
    expect(revideoVersion(packagesFor(join(folder, 'packages/film')))).toBe('0.10.4');
    const ours = packagesFor(folderOf({'package.json': '{}'}));
    expect(ours['@revideo/core']).toBe(findPackage(import.meta.dirname, '@revideo/core'));
  });
});
