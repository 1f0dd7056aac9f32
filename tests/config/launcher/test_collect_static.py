"""The files of the pages are collected once a change."""

from django.test import override_settings

from config.launcher.collect_static import collect_static_when_changed


class TestCollecting:
    def test_once_a_change(self, tmp_path):
        source = tmp_path / "source"
        source.mkdir()
        (source / "page.css").write_text("a {}")
        with override_settings(STATIC_ROOT=tmp_path / "collected", STATICFILES_DIRS=[source]):
            collect_static_when_changed()
            collected = tmp_path / "collected" / "page.css"
            assert collected.read_text() == "a {}"
            collected.write_text("left alone")
            collect_static_when_changed()
            assert collected.read_text() == "left alone"
            (source / "page.css").write_text("b { }")
            collect_static_when_changed()
            assert collected.read_text() == "b { }"
