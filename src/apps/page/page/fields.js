/** The building blocks of the page, and the fields of its form. */

/** An element with properties of its own, and what is in it: texts are put in as such. */
export const element = (tag, attributes = {}, ...content) => {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...content);
  return made;
};

/** A field that suits the default's type. */
export function field(name, value) {
  const kind = typeof value;
  if (kind === 'boolean') {
    const input = element('input', {type: 'checkbox', checked: value, name});
    return {
      name,
      value,
      read: () => input.checked,
      label: element('label', {className: 'tick'}, input, name),
    };
  }
  if (kind === 'number') {
    const input = element('input', {type: 'number', step: 'any', value, name});
    return {name, value, read: () => Number(input.value), label: element('label', {}, name, input)};
  }
  const json = kind !== 'string';
  const text = json ? JSON.stringify(value, null, 2) : value;
  const input = element('textarea', {
    name,
    rows: Math.min(8, text.split('\n').length + 1),
    value: text,
    spellcheck: !json,
  });
  const read = () => (json ? parse(input.value, name) : input.value);
  return {name, value, read, label: element('label', {}, json ? `${name} (JSON)` : name, input)};
}

/** The value of a JSON text; throws with the field's name if it is not valid. */
export function parse(text, name) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is no JSON: ${error.message}`);
  }
}
