"""Printing, saving and exporting what was accepted, and what the history says of it."""

from pathlib import Path

import pytest
from whole_kit import CLERK, KeepingPrinter, complete, print_documents

from app.adapters.store import audit
from app.adapters.store.database import transaction
from app.core.errors import AppError
from app.services import intake, printing
from app.services.finalise import finalise
from app.services.history import history
from app.services.ports import AuditEntry


@pytest.fixture
def accepted(desk):
    application, _ = intake.save(desk, complete(desk))
    return finalise(desk, application).application


def papers(desk, application, *kinds):
    found = desk.store.documents(application.id)
    return [found[kind] for kind in kinds]


def acts(desk, application):
    return [(entry.act, entry.what) for entry in desk.store.audit() if entry.subject == application.id]


def test_what_prints_are_the_stored_bytes_in_order_under_titles_that_name_nobody(desk, accepted):
    documents = papers(desk, accepted, "form", "receipt", "receipt-large")
    print_documents(desk, accepted.id, documents)
    assert desk.printer.printed == [
        (documents[0].pdf, "申请表"),
        (documents[1].pdf, "受理回执"),
        (documents[2].pdf, "受理回执（大字）"),
    ]


def test_each_print_is_in_the_audit_with_what_was_printed(desk, accepted):
    (receipt,) = papers(desk, accepted, "receipt")
    print_documents(desk, accepted.id, [receipt])
    assert acts(desk, accepted)[0] == ("print", f"receipt {receipt.digest[:8]}")


def test_a_print_that_was_refused_is_in_no_audit_and_can_be_done_again(open_at):
    desk = open_at(printer=KeepingPrinter("打印机没有纸"))
    application, _ = intake.save(desk, complete(desk))
    application = finalise(desk, application).application
    with pytest.raises(AppError, match="没有纸"):
        print_documents(desk, application.id, papers(desk, application, "form", "receipt"))
    assert acts(desk, application)[0][0] == "finalise"
    desk.printer.refusal = ""
    print_documents(desk, application.id, papers(desk, application, "form"))
    assert len(desk.printer.printed) == 1


def test_saved_files_are_the_stored_bytes_named_by_number_only(desk, accepted, tmp_path):
    number = accepted.acceptance.number
    documents = papers(desk, accepted, "form", "receipt")
    names = printing.save_documents(desk, accepted.id, documents, tmp_path)
    assert names == (f"{number}-form.pdf", f"{number}-receipt.pdf")
    assert [(tmp_path / name).read_bytes() for name in names] == [one.pdf for one in documents]
    assert [act for act, _ in acts(desk, accepted)][:2] == ["save_pdf", "save_pdf"]


def test_saving_again_leaves_the_same_file_and_never_writes_over_another(desk, accepted, tmp_path):
    documents = papers(desk, accepted, "form", "receipt")
    (name, other) = printing.save_documents(desk, accepted.id, documents, tmp_path)
    stamp = (tmp_path / name).stat().st_mtime_ns
    assert printing.save_documents(desk, accepted.id, documents, tmp_path) == (name, other)
    assert (tmp_path / name).stat().st_mtime_ns == stamp
    (tmp_path / other).write_bytes(b"somebody else's")
    with pytest.raises(AppError) as caught:
        printing.save_documents(desk, accepted.id, documents, tmp_path)
    assert caught.value.sentence == f"那里已有另一份 {other}，没有覆盖。换一个文件夹"
    assert (tmp_path / other).read_bytes() == b"somebody else's"


@pytest.mark.parametrize("place", [Path("/proc/nowhere"), Path("/dev/null")])
def test_a_place_that_cannot_be_written_is_told_and_the_papers_stay(desk, accepted, place):
    with pytest.raises(AppError) as caught:
        printing.save_documents(desk, accepted.id, papers(desk, accepted, "form"), place)
    assert caught.value.sentence == "这个文件夹写不进去。换一个文件夹，文书还在本机"
    assert "save_pdf" not in [act for act, _ in acts(desk, accepted)]


def test_a_save_that_broke_off_leaves_no_half_file(desk, accepted, tmp_path, monkeypatch):
    (form,) = papers(desk, accepted, "form")

    def full(file, *_given):
        raise OSError(28, "No space left on device")

    real = Path.open

    def opening(self, *given, **named):
        opened = real(self, *given, **named)
        if self.parent == tmp_path:
            opened.close()
            return _Full()
        return opened

    class _Full:
        def __enter__(self):
            return self

        def __exit__(self, *_given):
            return False

        write = writelines = full

    monkeypatch.setattr(Path, "open", opening)
    with pytest.raises(AppError):
        printing.save_documents(desk, accepted.id, [form], tmp_path)
    monkeypatch.undo()
    printing.save_documents(desk, accepted.id, [form], tmp_path)
    assert [path.read_bytes() for path in tmp_path.glob("*.pdf")] == [form.pdf]


def test_the_history_tells_it_in_words_oldest_first(desk, accepted, tmp_path):
    intake.reopen(desk, accepted.id)
    print_documents(desk, accepted.id, papers(desk, accepted, "form", "receipt-large"))
    desk.exporter.export(desk.store, [accepted.id], tmp_path / "stick", "周敏")
    told = history(desk, accepted.id)
    assert [words for _, words in told] == [
        f"开始受理，{CLERK}",
        f"受理，排进待报送，{CLERK}",
        f"打开看过，{CLERK}",
        f"打印申请表，{CLERK}",
        f"打印大字回执，{CLERK}",
        "导出，周敏",
    ]
    assert all(at == "2026-02-06T10:24:00" for at, _ in told)


def test_the_history_of_another_application_is_its_own(desk, accepted):
    other, _ = intake.save(desk, complete(desk))
    assert [words for _, words in history(desk, other.id)] == [f"开始受理，{CLERK}"]


def test_the_history_is_whole_after_many_other_things_were_noted(desk, accepted):
    with transaction(desk.store._db):
        for n in range(1100):
            audit.append(desk.store._db, AuditEntry("2026-02-06T10:24:00", CLERK, "view", f"other {n}"))
    assert len(history(desk, accepted.id)) == 2
