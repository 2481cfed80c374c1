/** A project and our page, built once into files a browser can open. */
export interface Bundle {
  /** Holds `index.html`. */
  folder: string;
  /** The project's static files, served beside the bundle; may not exist. */
  publicFolder: string;
  /** The project's folder, whose media have addresses too; a compiled project has them in its bundle. */
  projectFolder?: string | undefined;
  /** Films made here that lie in the project's folder, as paths in it: they have no address. */
  results?: readonly string[] | undefined;
  /** A hash of everything that decides the pixels but the variables. */
  hash: string;
  /** Problems that did not stop the build. */
  warnings: string[];
  /** The version of Revideo that draws it; undefined for a compiled project that does not say. */
  revideo?: string | undefined;
}
