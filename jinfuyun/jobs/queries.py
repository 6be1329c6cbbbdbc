"""How the worker is."""

from datetime import datetime, timedelta

from procrastinate.contrib.django.models import ProcrastinateWorker

SILENT_SECONDS_MAX = 35  # its heart beats every ten


def worker_is_alive(at: datetime) -> bool:
    """Whether some worker has been heard of lately."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=at - timedelta(seconds=SILENT_SECONDS_MAX)).exists()
