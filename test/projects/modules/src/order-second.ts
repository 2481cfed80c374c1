export const second = (() => {
  globalThis.order = [...(globalThis.order ?? []), 'second'];
  return 2;
})();
