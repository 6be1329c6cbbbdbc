import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinfuyun.config.settings")
site = get_wsgi_application()

from jinfuyun.web.public.kept import KeptMarket  # noqa: E402  once Django is set up

application = KeptMarket(site)
