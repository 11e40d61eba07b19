"""That the safety net of the tests themselves holds."""

import os
from pathlib import Path

pytest_plugins = ["pytester"]

TOP = Path(__file__).resolve().parents[2]


def test_a_warning_of_qt_or_python_fails_the_test_that_caused_it(pytester):
    pytester.makepyprojecttoml((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    pytester.makepyfile("""
        import warnings
        from PySide6.QtCore import qWarning

        def test_qt(qapp):
            qWarning('spelled wrong')

        def test_python():
            warnings.warn('old', stacklevel=1)

        def test_offscreen_has_no_window_manager(qapp):
            qWarning('This plugin does not support raise()')
    """)
    result = pytester.runpytest_subprocess("-n", "0", pytester.path)
    result.assert_outcomes(failed=2, passed=1)


def test_no_test_reaches_this_users_own_store():
    from app.adapters.paths import default_data_dir

    assert not default_data_dir().is_relative_to(Path.home())
    assert os.environ["QT_QPA_PLATFORM"]
