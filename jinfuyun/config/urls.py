"""Every door's routes, in one list."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from jinfuyun.openapi.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("jinfuyun.web.public.urls")),
    path("", include("jinfuyun.web.enterprise.urls")),
    path("bank/", include("jinfuyun.web.bank.urls")),
    path("", include("jinfuyun.web.regulator.urls")),
    path("", include("jinfuyun.web.department.urls")),
    path("", include("jinfuyun.web.operator.urls")),
    path("api/", api.urls),
]
if settings.SANDBOX:
    urlpatterns += [path("sandbox/", include("jinfuyun.sandbox.urls"))]

handler400 = "jinfuyun.web.public.errors.bad_request"
handler403 = "jinfuyun.web.public.errors.forbidden"
handler404 = "jinfuyun.web.public.errors.not_found"
handler500 = "jinfuyun.web.public.errors.broken"
