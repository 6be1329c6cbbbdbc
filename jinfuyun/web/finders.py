"""Front-end files: exactly the ones wanted out of node_modules, hashed and compressed when collected.

Mounting whole `dist` folders made collectstatic take minutes; a new file is one line in FILES.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import ninja
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

FILES = (
    "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap-icons/font/bootstrap-icons.min.css",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff",
    "htmx.org/dist/htmx.min.js",
)


# The page at /api/docs; from here and from nowhere else.
PACKAGE_FILES = ("ninja/swagger-ui.css", "ninja/swagger-ui-bundle.js", "ninja/swagger-ui-init.js")


class NodeFilesFinder(BaseFinder):
    """Finds FILES below node_modules, under the same names."""

    files: tuple[str, ...] = FILES

    def __init__(self, app_names: object = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.NODE_MODULES)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in self.files or not self.storage.exists(path):
            return []
        return [self.storage.path(path)] if find_all else self.storage.path(path)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in self.files:
            yield path, self.storage


class PackageFilesFinder(NodeFilesFinder):
    """Finds PACKAGE_FILES in the static folder of the Python package that brings them."""

    files = PACKAGE_FILES

    def __init__(self, app_names: object = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=Path(ninja.__file__).parent / "static")


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Names with a hash, brotli beside them. Source maps are not served, so only url() references are rewritten."""

    patterns = (("*.css", CompressedManifestStaticFilesStorage.patterns[0][1][:1]),)
