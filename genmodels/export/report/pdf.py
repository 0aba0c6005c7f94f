"""A document as PDF: its HTML, printed by a Chromium of this machine, which shapes Persian and draws MathML. No network is needed."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from genmodels.errors import UserError
from genmodels.language import N_

BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome"),
    "chromium-headless-shell",  # which prints, and has no window: the one that `make chromium` installs
)
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
MOST_SECONDS = 180
TRAILER = re.compile(rb"trailer\s*<<(?P<entries>.*?)>>\s*startxref\s+(?P<start>\d+)\s+%%EOF\s*$", re.DOTALL)
MISSING = N_(
    "A PDF is printed by Chromium or Chrome, which this machine does not have: install one, or open the HTML in any browser and "
    'press "Print or save as PDF".'
)


def browser() -> str | None:
    """The program that prints, or None."""
    found = map(shutil.which, (*BROWSERS, *APPLICATIONS))
    return next(filter(None, found), None)


def pdf(html: str, author: str = "") -> bytes:
    """The file, by ``author``; raises ``UserError`` where there is no browser, or it fails."""
    program = browser()
    if program is None:
        raise UserError(MISSING)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # the browser's children may still write
        page, printed = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_text(html, encoding="utf-8")
        # Its sandbox does not work for root, as in a container; the page is ours, and may load nothing.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        options = ["--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", *sandbox]
        quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        command = [
            program,
            *options,
            *quiet,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={printed}",
            page.as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=MOST_SECONDS)
            return _by(author, printed.read_bytes()) if author else printed.read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise UserError(
                N_(
                    'The browser could not print the PDF: open the HTML in any browser and press "Print or save as PDF".'
                )
            ) from error


def _by(author: str, data: bytes) -> bytes:
    """A PDF with its author, whom Chromium does not write down, by an incremental update (ISO 32000-1, 7.5.6)."""
    trailer = TRAILER.search(data)
    info = trailer and re.search(rb"/Info (\d+) 0 R", trailer["entries"])
    if not trailer or not info:
        return data
    begin = data.index(b"\n%b 0 obj" % info[1]) + 1
    written = data[begin : data.index(b"endobj", begin)].rpartition(b">>")[0]
    changed = b"%b\n/Author <feff%b>>>\nendobj\n" % (written, author.encode("utf-16-be").hex().encode())
    place, table = len(data), len(data) + len(changed)
    xref = b"xref\n%b 1\n%010d 00000 n \n" % (info[1], place)
    end = b"trailer\n<<%b\n/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (trailer["entries"], trailer["start"], table)
    return data + changed + xref + end
