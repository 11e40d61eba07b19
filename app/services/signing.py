"""A name drawn under a paper on the screen: kept with the case as a signed edition beside the paper as it was shown.

It is no certified electronic signature. The paper without it stays as it was; signing in ink on print is its equal.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from app.core.errors import AppError
from app.core.signature import Signature
from app.services.ports import Rendered
from app.services.printing import SIGNED

if TYPE_CHECKING:
    from app.core.application import Application
    from app.core.signature import Stroke
    from app.services.ports import Desk, Goes

FORM: Final = "form"
FORM_SIGNED: Final = FORM + SIGNED


class AnotherFormError(AppError):
    """The form that is stored now is not the one that was shown: it is shown again, and signed again."""


def signed_before(desk: Desk, application_id: str) -> bool:
    """Whether this application's form was signed on the screen."""
    return FORM_SIGNED in desk.store.documents(application_id)


def sign(
    desk: Desk, application: Application, shown: str, strokes: tuple[Stroke, ...], width: int, height: int
) -> tuple[Rendered, Goes]:
    """Draw a name under the form that was accepted and keep the signed edition; the newest counts. Return it, and how it goes out.

    ``shown`` is the digest of the form as it was shown, ``width`` and ``height`` the pad's in steps of 0.01 mm. AnotherFormError when another form
    is stored by now; SignatureError (our bug) when the strokes are none.
    """
    form = desk.store.documents(application.id).get(FORM)
    if form is None or form.digest != shown:
        raise AnotherFormError("存着的申请表和刚才看的不是同一份。再看一遍，再签")
    at = desk.clock.now().isoformat(timespec="seconds")
    by = "agent" if application.by_agent else "applicant"
    signature = Signature(form.digest, FORM, by, at, width, height, strokes)
    pdf = desk.printery.signed(form.pdf, signature)
    made = Rendered(FORM_SIGNED, pdf, form.pages, hashlib.sha256(pdf).hexdigest())
    goes = desk.store.keep_signed(application.id, made, desk.clerk)
    desk.store.note(desk.clerk, "sign", application.id, f"{FORM} {form.digest[:8]} {by}")
    return made, goes
