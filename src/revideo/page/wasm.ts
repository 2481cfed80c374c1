/** Makes an instance of a module in base64, as `import` of a `.wat` file gives it; with a memory of its own. */
export async function assembled<Exports>(base64: string): Promise<Exports> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const {instance} = await WebAssembly.instantiate(bytes);
  return instance.exports as Exports;
}
