"""Hands every floor what it may not look for itself: keys, folders, addresses."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "jinfuyun.config"
    label = "config"

    def ready(self) -> None:
        from django.conf import settings
        from django.utils import timezone

        from jinfuyun.config import database, keys, logs, places
        from jinfuyun.data.door import open_door
        from jinfuyun.openapi.signing import use_department_keys
        from jinfuyun.storage.document_keys import ensure_pair
        from jinfuyun.storage.files import use_folder
        from jinfuyun.storage.keys import use_keys

        logs.set_up()
        use_keys(keys.field_keys())
        use_folder(places.FILES)
        use_department_keys(keys.department_keys())
        open_door(
            app_dsn=database.dsn("jinfuyun_app"), data_dsn=database.dsn("jinfuyun_data"), lake=places.LAKE,
            departments_url=settings.DEPARTMENTS_URL, department_keys=keys.department_keys(), ring=keys.field_keys(),
        )  # fmt: skip
        ensure_pair(settings.DOCUMENT_KEYS, operator=settings.OPERATOR["name"], at=timezone.now())
