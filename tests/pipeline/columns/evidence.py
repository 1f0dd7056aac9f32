"""What the tests of evidence share: a reason, and mobiles of Türkiye."""

from imports.pipeline.reasons import Reason

WHY = Reason("column_header", {"header": "Telefon"})

TURKISH = [f"0532 111 22 {last}" for last in range(10, 16)]
