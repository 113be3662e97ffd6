// SPDX-License-Identifier: Apache-2.0
// Where things are. `base` is "" for what the page itself stands at, or "s/NAME/".

/** The address of `path` below the page, as fetch() takes it. Parameters that are empty are left out. */
export function address(base, path, parameters = {}) {
  const url = new URL(base + path, document.baseURI);
  // A browser that was given a password in the address of the page refuses to fetch with it, and knows it.
  url.username = url.password = url.hash = "";
  for (const [name, value] of Object.entries(parameters)) {
    if (value) url.searchParams.set(name, value);
  }
  return url;
}

/** Where the segment of that name is. */
export function baseOf(name) {
  return `s/${encodeURIComponent(name)}/`;
}
