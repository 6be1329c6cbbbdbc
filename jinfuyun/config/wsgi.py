import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinfuyun.config.settings")
site = get_wsgi_application()

from django.conf import settings  # noqa: E402  once Django is set up

from jinfuyun.web.public.kept import KeptMarket  # noqa: E402  likewise
from jinfuyun.web.public.province_map import features  # noqa: E402  likewise

if settings.MAP_FILE:
    features(settings.MAP_FILE)  # a map that lacks a city stops the server, not the first page that shows it

application = KeptMarket(site)
