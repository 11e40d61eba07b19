"""Step 3: which disease, where it was diagnosed, where it shall be treated."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from app.core.application import Disease
from app.core.codes import GRADES
from app.core.findings import Tone
from app.ui import keys
from app.ui.case.disease_rows import DiseaseRows
from app.ui.case.disease_search import DiseaseSearch
from app.ui.case.side import RulesPanel
from app.ui.case.step import LABEL_WIDTH, FormPage
from app.ui.kit.buttons import Button
from app.ui.kit.choices import Check, Combo
from app.ui.kit.fields import Field, TextArea
from app.ui.kit.moves import in_reading_order
from app.ui.kit.suggest import SuggestField
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

    from app.core.region import DiseaseEntry, Region
    from app.ui.case.state import CaseState
    from app.ui.keys import KeyHint
    from app.ui.kit.layouts import Item

_WIDE = 300
_USUAL = 2  # diseases, for which rows are made ahead
_MUCH = 100  # of the stretch: the field grows to its limit before the empty rest does


class DiseasePage(FormPage):
    """Diseases by name, initials or code, free text always; hospital, designated institution, summary.

    Where the region's catalogue is not in the program there is no search at all, and free text is the normal way.
    """

    step: ClassVar[str] = "disease"

    def __init__(self) -> None:
        super().__init__("病种与机构")
        self._side = RulesPanel()
        self._search: DiseaseSearch | None = None
        self._then = ""
        self._case = ""
        self._left = False
        self.bound.left.connect(self._settle)
        keys.bind(self, "free_text", self.add_free)

    def side_panel(self) -> QWidget:
        """Return what this place rules about the chosen disease."""
        return self._side

    def ahead(self, state: CaseState) -> Iterator[None]:
        """Make the rows of the first diseases, and draw the list that the first visit opens."""
        yield from super().ahead(state)
        yield
        yield from self._rows.stock(min(_USUAL, state.region.max_diseases or _USUAL))
        if self._search is not None and not self.isVisible():
            self._search.draw_ahead()
            yield

    def build(self, region: Region) -> Iterator[None]:
        """Make the fields this region asks for."""
        form, add = self.form, self.bound.add
        self._search = None
        self._rows = DiseaseRows(region, self.bound)
        self._rows.changed.connect(self._changed)
        self._ordered = self._rows.made
        if region.diseases:
            self._build_search(region)
        else:
            form.head("病种", f"{region.name}的病种目录不在程序里，照诊断证明写")
        form.wide(self._rows)
        self._more = Button("再加一种", "small", key=keys.cap("free_text"))
        self._more.clicked.connect(self.add_free)
        self._limit = Text("", "small")
        self._tail = form.row("", self._more, self._limit)
        self._more.setVisible(not region.diseases)
        yield
        form.head("确诊", region.fact("hospital_level").text)
        names = [c.name for c in region.institutions]
        hospital = SuggestField("确诊·医疗机构", names, placeholder="照诊断证明写全称")
        hospital.setMaximumWidth(_WIDE)
        grade = Combo("确诊·医院等级", GRADES.items(), width=112, placeholder="选等级")
        parts: list[Item] = [(add("care.hospital", hospital), _MUCH), form.between("等级"), add("care.grade", grade)]
        if region.has_doctor:
            parts += [form.between("诊断医师"), add("care.doctor", Field("确诊·诊断医师", width=128, placeholder="可空"))]
        form.row("医疗机构", *parts, (Text(""), 1))
        if region.asks_designated:
            form.head("拟选定点", region.fact("change_rule").text)
            asked = self._asked = SuggestField("拟选定点·定点机构", names, width=_WIDE, placeholder="写全称，没定的可空")
            form.row("定点机构", add("care.designated", asked))
        form.head("病情摘要")
        hint = "照诊断证明和病历写几句" + ("" if region.asks_summary else "，可空")
        area = add("summary", TextArea("病情摘要", lines=3, placeholder=hint))
        self._summary = form.row("摘要", (area, 1))
        shown = add("show_disease", Check("回执上写病种名", name="回执·写病种名"))
        form.row("回执", shown, (Text("申请人不想让旁人看见的，去掉勾", "small", elide=True), 1))

    def _build_search(self, region: Region) -> None:
        self.form.head("病种", "键入汉字、拼音首字母或代码")
        search = self._search = DiseaseSearch(region.diseases, LABEL_WIDTH + 12, self.form)
        search.field.setProperty("path", "diseases")
        search.field.left.connect(self._leave_search)
        search.field.focused.connect(lambda _on: self.hints_changed.emit())
        search.chosen.connect(self._choose)
        search.free.connect(self._free)
        self._search_row = self.form.row("查病种", search.field, search.count)
        self.form.wide(search.box)

    def arrange(self, state: CaseState) -> None:
        """Show the chosen diseases, what may still be added, and this place's rules."""
        application, region = state.application, state.region
        if application.id != self._case:
            self._case, self._left = application.id, False
        self._rows.put(application.diseases, state.today)
        if self._rows.made != self._ordered:
            # A row made later would be last for Enter and Tab.
            self._ordered = self._rows.made
            in_reading_order(self.form)
        self._rows.setVisible(bool(self._rows.count()))
        named = sum(bool(d.name.strip()) for d in application.diseases)
        left = region.max_diseases - named
        if region.asks_designated:
            # Who treats is most often who diagnosed: ↓ Enter instead of the whole name again.
            here = application.care.hospital.strip()
            self._asked.set_suggestions([*([here] if here else []), *(c.name for c in region.institutions)])
        self._limit.put(
            f"还可再加 {left} 个（本地最多 {region.max_diseases} 个）" if named and region.max_diseases and left > 0 else ""
        )
        self._tail.setVisible(not self._more.isHidden() or bool(self._limit.full()))
        self._summary.say(f"已写 {len(application.summary.strip())} 字" if application.summary.strip() else "")
        self._side.show_case(state)

    def show_case(self, state: CaseState) -> None:
        """Show the case, then go where the last act leads (a row it has just made)."""
        super().show_case(state)
        self._tell_missing()
        if self._then:
            path, self._then = self._then, ""
            self.focus_field(path)

    def answer(self, path: str, value: object) -> None:
        """Pass on an answer; diseases go as a whole."""
        if not self._rows.answer(path, str(value)):
            super().answer(path, value)

    def focus_field(self, path: str) -> bool:
        """Focus a field; all of the diseases are mended in the search, or in the first row where there is none."""
        if path.startswith("diseases."):
            at = path.split(".")[1]
            row = self.bound.field(f"diseases.{at}.name")
            if row is not None and row.isHidden():
                path = f"diseases.{at}.diagnosed_on"
            if self._there(path):
                return self.bound.go(path)
            path = "diseases"
        if path == "diseases" and self._search is not None:
            self._search.field.setFocus()
            return True
        return self.bound.go("diseases.0.name" if path == "diseases" else path)

    def focus_first(self) -> None:
        """Focus the search while nothing is chosen, else the first 缺, else the first empty field."""
        if self._state is not None and not any(d.name.strip() for d in self._state.application.diseases):
            self.focus_field("diseases")
        else:
            super().focus_first()

    def add_free(self) -> None:
        """Begin a disease that is not in the catalogue (Ctrl N), with what stands in the search."""
        if not self.form.isEnabled():
            return
        if self._search is not None:
            self._search.take_free()
        else:
            self._free("")

    def hints(self) -> list[KeyHint]:
        """Return what the keys do: in the search they choose a disease."""
        free = keys.hint("free_text", "自填" if self._search is not None else "再加一种")
        if self._search is not None and self._search.field.hasFocus():
            return [keys.hint("rows", "选病种"), keys.hint("open", "选定"), free]
        return [*super().hints(), free]

    def _choose(self, entry: DiseaseEntry) -> None:
        self._go(Disease(entry.name, entry.code))

    def _free(self, text: str) -> None:
        self._go(Disease(text))

    def _go(self, disease: Disease) -> None:
        path = self._rows.add(disease)
        if not self._there(path):
            # The answer to the edit makes the row: go there when it comes.
            self._then = path
        else:
            self.focus_field(path)

    def _there(self, path: str) -> bool:
        field = self.bound.field(path)
        return field is not None and field.isVisibleTo(self)

    def _changed(self, diseases: object) -> None:
        self.edited.emit("diseases", diseases)
        if not diseases and self._search is not None:
            self._search.field.setFocus()

    def _settle(self, path: str) -> None:
        self._rows.settle(path)

    def _leave_search(self) -> None:
        self._left = True
        self._tell_missing()
        self.left_field.emit()

    def _tell_missing(self) -> None:
        """Say at the search that no disease is chosen, once it was left without one."""
        if self._search is None or self._state is None:
            return
        here = (f for f in self._state.findings if f.field == "diseases" and f.stops)
        found = next((f for f in here if f.tone is not Tone.MISSING or self._left), None)
        self._search.field.set_finding(found.tone.value if found else "", found.title if found else "")
