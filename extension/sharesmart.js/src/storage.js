// What an install remembers is one record: in an extension in storage.local, on a web site in localStorage. Popup, background and
// tabs share it; each change is made under a lock, because it reads before it writes.

const key = "sharesmart";

/** keep finds where to remember things: {read, write, onChange(listener(before, after))}. */
export function keep(scope = globalThis) {
  const local = (scope.browser ?? scope.chrome)?.storage?.local;
  return local ? extensionStorage(local) : pageStorage(scope);
}

function extensionStorage(local) {
  return {
    read: async () => (await local.get(key))[key] ?? {},
    write: (record) => local.set({ [key]: record }),
    onChange: (listener) =>
      local.onChanged.addListener((changes) => {
        if (changes[key]) listener(changes[key].oldValue ?? {}, changes[key].newValue ?? {});
      }),
  };
}

function pageStorage(scope) {
  const parse = (text) => {
    try {
      return JSON.parse(text) ?? {};
    } catch {
      return {}; // somebody else wrote there
    }
  };
  const listeners = [];
  scope.addEventListener?.("storage", (event) => {
    if (event.key === key) for (const listener of listeners) listener(parse(event.oldValue), parse(event.newValue));
  });
  return {
    read: async () => parse(scope.localStorage.getItem(key)),
    write: async (record) => {
      const before = parse(scope.localStorage.getItem(key));
      scope.localStorage.setItem(key, JSON.stringify(record));
      for (const listener of listeners) listener(before, record); // the event is for the other tabs alone
    },
    onChange: (listener) => listeners.push(listener),
  };
}

/** locked runs work that no other page of the extension or site runs at the same time. */
export function locked(name, work) {
  const locks = globalThis.navigator?.locks;
  return locks ? locks.request(`${key}.${name}`, work) : work();
}
