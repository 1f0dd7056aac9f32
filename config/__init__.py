from config.celery import app as celery_app

__all__ = ["celery_app"]  # every process that loads the settings enqueues through this application
