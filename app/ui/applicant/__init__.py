"""The applicant's screen: a window of its own, fed by :class:`app.core.applicant_view.View` and by nothing else."""
