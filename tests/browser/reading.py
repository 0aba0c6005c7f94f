"""What on a page cannot be read, or not be known without seeing it."""

from playwright.sync_api import Page, TimeoutError

# Texts are measured against all that lies under them, as it is composed on the screen. Not measured: what is disabled, as the
# standard allows; counts in heat maps and shares in bars, for which plotly.js takes white or dark grey, whichever is better there.
PALE = """() => {
    const parse = (colour) => { const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number); return { c: [r, g, b], a }; };
    const over = ({ c, a }, under) => c.map((v, i) => a * v + (1 - a) * under[i]);
    const luminance = (c) => {
        const [r, g, b] = c.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const lineage = (element) => (element ? [element, ...lineage(element.parentElement)] : []);
    const ground = (element, x, y) => {
        const holds = (e) => {
            const { left, right, top, bottom } = e.getBoundingClientRect();
            return left <= x && x <= right && top <= y && y <= bottom;
        };
        const layers = lineage(element).filter(holds).map((e) => parse(getComputedStyle(e).backgroundColor));
        return layers.reverse().reduce((under, layer) => over(layer, under), paper);
    };
    const paper = parse(getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor).c;
    const pale = [];
    const judge = (text, element, { fontSize, fontWeight, fontFamily, ...style }, colour) => {
        const range = document.createRange();
        range.selectNode(text);
        const { x, y, width, height } = range.getBoundingClientRect();
        const drawn = parse(colour);
        if (width < 2 || height < 2 || x + width < 0 || !drawn.a) return; // not drawn, or in a sidebar that is folded away
        for (const each of lineage(element)) drawn.a *= getComputedStyle(each).opacity;
        const html = element.closest("svg")?.parentElement ?? element;
        const under = ground(html, x + width / 2, y + height / 2);
        const [dark, light] = [luminance(over(drawn, under)), luminance(under)].sort((a, b) => a - b);
        const contrast = (light + 0.05) / (dark + 0.05);
        const size = parseFloat(fontSize);
        const large = size >= 24 || (size >= 18.66 && fontWeight >= 700) || fontFamily.includes("Symbols");
        const least = large ? 3 : 4.5;
        if (contrast < least) pale.push(`${contrast.toFixed(2)}: ${text.data ?? text.placeholder}`);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (text) => {
        const element = text.parentElement;
        const shown = text.data.trim() && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
        const left = "style, script, .katex-mathml, .heatmap-label, .bartext-inside, :disabled, [aria-disabled=true]";
        return shown && !element.closest(left) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
    });
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement, style = getComputedStyle(element);
        judge(texts.currentNode, element, style, element.closest("svg") ? style.fill : style.color);
    }
    for (const field of document.querySelectorAll(":is(input, textarea):placeholder-shown:enabled"))
        if (field.checkVisibility()) judge(field, field, getComputedStyle(field), getComputedStyle(field, "::placeholder").color);
    return [...new Set(pale)];
}"""
SAID = "image => image.alt || image.closest('[aria-hidden=true]') || image.role === 'presentation'"
# What scrolls by itself may be wider than the page: tables, and the row of tabs.
BEYOND = """() => [...document.querySelectorAll("[data-testid=stMain] *")]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width && e.getBoundingClientRect().right > innerWidth + 1)
    .filter((e) => e.parentElement.getBoundingClientRect().width > 1) // else it is hidden but for screen readers
    .filter((e) => !e.closest("[role=tablist], [data-testid=stDataFrame], [data-testid=stTable], .katex"))
    .map((e) => e.outerHTML.slice(0, 120))"""

# Controls that reach past the column they stand in, or whose text does not fit into them. Tabs scroll by themselves.
CUT = """() => [...document.querySelectorAll("[data-testid=stMain] :is([data-testid=stButtonGroup], button, label, [role=combobox])")]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width && !e.closest("[role=tablist], .modebar"))
    .filter((e) => {
        const column = e.closest("[data-testid=stColumn], [data-testid=stMainBlockContainer]");
        const past = e.getBoundingClientRect().right - column.getBoundingClientRect().right;
        return past > 1 || (getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1);
    })
    .map((e) => e.textContent || e.value || e.ariaLabel)"""

# What stands in the page's head under a button of Streamlit's own.
COVERED = """() => {
    const boxes = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility()).map((e) => {
        const range = document.createRange();
        range.selectNodeContents(e);
        return [e, e.matches("h1") ? range.getBoundingClientRect() : e.getBoundingClientRect()];
    });
    const over = boxes("[data-testid=stHeader] button");
    return boxes("[data-testid=stMain] .st-key-page-head :is(h1, button, [role=combobox], [role=radiogroup])")
        .filter(([_, a]) => over.some(([_, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom))
        .map(([e]) => e.textContent || e.ariaLabel);
}"""


def pale(page: Page) -> list[str]:
    """Texts on the page whose contrast is below WCAG's level AA, each after its contrast; colours may change for a moment yet."""
    try:
        page.wait_for_function(f"!({PALE})().length", timeout=5_000)
    except TimeoutError:
        return page.evaluate(PALE)
    return []


def unsaid(page: Page) -> list[str]:
    """Pictures on the page that have no words for who does not see them; those that only adorn say so."""
    return page.locator("img:visible").evaluate_all(f"images => images.filter(i => !({SAID})(i)).map(i => i.outerHTML)")


def beyond(page: Page) -> list[str]:
    """What reaches past the right edge of the page."""
    return page.evaluate(BEYOND)


def cut(page: Page) -> list[str]:
    """Controls of which a part cannot be seen, and what lies under a button in the page's head."""
    return page.evaluate(CUT) + page.evaluate(COVERED)
