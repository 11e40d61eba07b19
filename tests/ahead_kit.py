"""Pages of a case as the program has them: built while nobody did anything, long before somebody opens them (app/ui/prebuild.py).

Building all of them is a sixth of what a window costs, so a test's window builds a page when the test first opens it, by the program's own slices. What
that takes is counted as nobody's hold: windows that build ahead for real are watched slice by slice.
"""

from app.ui import prebuild
from app.ui.case.case_page import CasePage
from app.ui.main_window import MainWindow


def nothing(_shell, _case, _blank):
    """Stand for :func:`app.ui.prebuild.case_pages` where pages are built when they are wanted."""
    return iter(())


def install(away):
    """Have pages built when they are wanted wherever :func:`nothing` is in force. ``away`` is :meth:`app.ui.watchdog.Watchdog.away`."""
    make_case, make_step = MainWindow._case, CasePage.page

    def case(window):
        if window.has("case") or prebuild.case_pages is not nothing:
            return make_case(window)
        with away():
            page = make_case(window)
            page.blank_kept = window._blank()
            for slices in (prebuild.case_frame(window, page), prebuild.case_rows(page, page.blank_kept)):
                for _ in slices:
                    pass
        return page

    def step(page, name):
        if name in page._pages or not hasattr(page, "blank_kept"):
            return make_step(page, name)
        with away():
            made = make_step(page, name)
            session, page.session = page.session, None
            for _ in prebuild.case_step(page, name, page.blank_kept):
                pass
            page.session = session
        return made

    MainWindow._case, CasePage.page = case, step
