"""From extracted text to clean text: an ordered list of small repairs, each keeping the way back to the original.

The catalogue of noise is a list of :class:`~keshu.engines.plandoc.cleaning.step.Step` in :mod:`.steps`; to undo one more kind,
write a function from draft to draft and give it a line there.
"""

from __future__ import annotations

from keshu.engines.plandoc.cleaning.draft import Draft
from keshu.engines.plandoc.source import CleanText


def clean(text: str) -> CleanText:
    """Undo the noise of `text`.

    Parameters
    ----------
    text : a document as extracted; :attr:`Source.text`

    Returns
    -------
    The clean text and its map; the conventions are those of :class:`CleanText`.
    """
    # Compiling the catalogue takes longer than importing the rest of the engine, so the first document pays for it.
    from keshu.engines.plandoc.cleaning.steps import STEPS

    draft = Draft.of(text)
    for step in STEPS:
        draft = step(draft)
    return CleanText(text=draft.text, origin=draft.origin, script=draft.script, artefacts=draft.artefacts)
