declare module 'virtual:revideo-project' {
  import type {Project} from '@revideo/core';

  const project: Project;
  // biome-ignore lint/style/noDefaultExport: Revideo projects are default exports.
  export default project;
}

/** WebAssembly in text form, assembled when the page is built: base64. */
declare module '*.wat' {
  const wasm: string;
  // biome-ignore lint/style/noDefaultExport: what an import of a file gives.
  export default wasm;
}
