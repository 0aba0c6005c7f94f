"""The notebook of the documents, from its first cell to its last."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from genmodels.storage.paths import PROJECT

CODE = [
    "".join(cell["source"])
    for cell in json.loads((PROJECT / "docs" / "tour.ipynb").read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code"
]


@pytest.mark.exhaustive
@pytest.mark.slow
def test_its_ten_cells_train_look_evaluate_and_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.setenv("TOUR_EPOCHS", "1")
    names: dict[str, Any] = {}
    shown = [_run(cell, names) for cell in CODE]
    assert len(CODE) == 10
    assert names["run"].state == "finished"
    assert list(shown[1].columns) == ["train/neg_elbo", "train/recon", "train/kl"]
    assert [line.name for line in shown[2].data] == ["train/neg_elbo", "test/neg_elbo"]
    for place, images in ((3, 16), (4, 8), (7, 50)):
        assert shown[place].width * shown[place].height >= images * (3 * 28) ** 2
    assert shown[6]["samples"][[names["run"].name, "dcgan-mnist"]].tolist() == [500, 10_000]
    assert shown[6].index[-1] == names["run"].name, "one epoch is the worst"
    assert shown[9].size == (8 * 28, 8 * 28)


def _run(cell: str, names: dict[str, Any]) -> Any:
    """Like a notebook: the value of the last line, where that is an expression."""
    code = ast.parse(cell)
    last = code.body[-1]
    if not isinstance(last, ast.Expr):
        return exec(compile(code, "cell", "exec"), names)
    code.body.pop()
    exec(compile(code, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)
