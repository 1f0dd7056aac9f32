"""Draw the packages and the direction of their imports into docs/images/packages.svg."""

from django.core.management.base import BaseCommand

from devtools.package_drawing import PATH, drawing


class Command(BaseCommand):
    help = "Draws the packages and the direction of their imports into docs/images/packages.svg."

    def handle(self, *_args: object, **_options: object) -> None:
        PATH.write_text(drawing(), encoding="utf-8")
        self.stdout.write(f"{PATH} is current.")
