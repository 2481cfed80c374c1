/**
 * Says why a project file's default export is not a project of Revideo 0.10 or newer; undefined if it is one.
 * Only the page can tell what a file exports.
 */
export function projectMistake(exported: unknown): string | undefined {
  const {scenes} = (exported ?? {}) as {scenes?: unknown};
  if (!Array.isArray(scenes)) {
    return 'The default export of the project file is not a project. It must be makeProject({scenes: [...]}).';
  }
  const index = scenes.findIndex((scene) => !isScene(scene));
  if (index < 0) return undefined;
  const {name} = (scenes[index] ?? {}) as {name?: unknown};
  return typeof name === 'function'
    ? `Scene ${index + 1} of the project has no name, as before Revideo 0.10. Write makeScene2D('intro', function* (view) {…}), with a name of its own for each scene.`
    : `Scene ${index + 1} of the project is not a scene. It must be what makeScene2D('intro', function* (view) {…}) returns.`;
}

/** A description as `makeScene2D` makes it; other kinds of scenes have a class and a configuration too. */
function isScene(scene: unknown): boolean {
  const {name, klass, config} = (scene ?? {}) as {name?: unknown; klass?: unknown; config?: unknown};
  return typeof name === 'string' && typeof klass === 'function' && config !== undefined;
}
