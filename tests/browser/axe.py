"""What keeps somebody from using a page, as axe-core finds it (https://github.com/dequelabs/axe-core)."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from genmodels.storage.paths import PROJECT

SCRIPT = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
# Targets of 24 pixels, as WCAG 2.2 asks for, are looked at only where one says so. Contrasts are measured in ``reading``, much faster.
# What stands outside of landmarks is never more than moderate.
RULES = {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}, "region": {"enabled": False}}
FOUND = """async ([within, rules]) => {
    const { violations } = await axe.run(within, { resultTypes: ["violations"], rules, preload: false });
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return grave.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(" ")}: ${html.slice(0, 200)}`));
}"""


def barriers(page: Page, within: str = "body") -> list[str]:
    """The serious and critical findings in the first element of a selector: the rule, where, and what stands there."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_script(SCRIPT))
    return page.evaluate(FOUND, [within, RULES])


def _script(path: Path) -> str:
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip("axe-core is not installed: npm ci.")
    return path.read_text(encoding="utf-8")
