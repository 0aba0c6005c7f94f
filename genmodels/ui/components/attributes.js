// The browser's half of genmodels/ui/components/attributes.py.

export default ({ data }) => {
  const entries = Object.entries(JSON.parse(data.attributes)).map(([selector, values]) => [selector, Object.entries(values)]);
  const set = () => {
    for (const [selector, values] of entries)
      for (const node of document.querySelectorAll(selector))
        for (const [name, value] of values) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  };
  set();
  const later = new MutationObserver(set); // what is drawn, or opened, from now on
  later.observe(document.body, { childList: true, subtree: true });
  return () => later.disconnect();
};
