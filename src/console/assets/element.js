// Elements made by scripts. Texts are texts: nothing here takes HTML.

/** An element with attributes and children; a child that is no element is a text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A list of terms and what they are; a description may be several elements. */
export function facts(pairs) {
  const list = element("dl", { class: "facts" });
  for (const [term, value] of pairs) {
    if (value === undefined || value === null || value === "" || value.length === 0) continue;
    list.append(element("dt", {}, term), element("dd", {}, ...[value].flat()));
  }
  return list;
}

/** A note: `good` or `bad`. */
export const note = (kind, ...children) => element("p", { class: `note ${kind}` }, ...children);

/** Says something in a place that is read out. */
export function tell(place, ...children) {
  place.hidden = false;
  place.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

/** Offers bytes as a file. */
export function save(name, bytes, media = "text/plain") {
  const address = URL.createObjectURL(new Blob([bytes], { type: media }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
