"""Front-end files: the ones wanted, under names that change with their content, brotli beside them."""

import json
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

from jinfuyun.web.finders import FILES

HASHED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "jinfuyun.web.finders.HashedFiles"},
}


def test_every_wanted_file_is_there_and_nothing_else_of_its_package() -> None:
    assert [path for path in FILES if not finders.find(path)] == []
    assert finders.find("bootstrap/dist/css/bootstrap.css") is None
    assert finders.find("bootstrap/../axe-core/axe.min.js") is None


def test_collected_files_are_hashed_and_compressed(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=HASHED):
        call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    theme = names["jinfuyun/theme.css"]
    assert theme != "jinfuyun/theme.css"
    assert (tmp_path / (theme + ".br")).exists()
    assert not (tmp_path / "jinfuyun/theme.css").exists()
    icons = (tmp_path / names["bootstrap-icons/font/bootstrap-icons.min.css"]).read_text()
    assert Path(names["bootstrap-icons/font/fonts/bootstrap-icons.woff2"]).name in icons
