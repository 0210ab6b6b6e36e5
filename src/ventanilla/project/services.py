"""The settings of processes without pages: what arrives, and the tasks.

The same installation without its door and its pages, which would take a third more memory in each.
"""

from ventanilla.project.settings import *  # noqa: F403 - the same installation, with less in it
from ventanilla.project.settings import INSTALLED_APPS as OF_PAGES

INSTALLED_APPS = [
    each
    for each in OF_PAGES
    if each.startswith(("ventanilla.", "procrastinate."))
    or each in ("django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions")
]
INSTALLED_APPS.remove("ventanilla.web")
MIDDLEWARE = []
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
TEMPLATES = []
