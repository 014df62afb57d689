"""A small transformer beside spaCy: what it makes of each token, as numbers that later stages read.

``kg.lab.encoder`` trains the model and writes ``data/encoder.onnx`` with its vocabulary; ``data/README.md`` is its
model card. It is loaded with the first document that needs it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import resources
from kg.errors import DataError
from kg.nlp.layout import blocks

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc
    from tokenizers import Tokenizer

#: The component's name in the spaCy pipeline, and the attribute of the Docs that have passed it.
COMPONENT, ATTRIBUTE = "kg_encoder", "kg_heads"
MODEL, VOCABULARY = "encoder.onnx", "tokenizer.json"
#: Names of arrays: states of the word pieces halfway through, and where in them the tokens stand.
MIDDLE, PLACES = "middle", "places"
#: Word pieces of a window, without the two that enclose it: whole paragraphs where they fit, else whole sentences.
LIMIT = 224
_LONGEST = 498  # the encoder has 512 places
_MOST_PIECES = 16  # of one token: the rest of an address on the web tells nothing
_CLS, _SEP = "[CLS]", "[SEP]"


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens ``first`` to ``end`` (excluded) that are read together.

    ``ids`` are their word pieces; ``places`` says for each token where its first piece stands in ``ids``.
    """

    first: int
    end: int
    ids: list[int]
    places: list[int]


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What the model gives for a window whose tokens begin at ``first``: arrays by name.

    A row is a token, but for :data:`MIDDLE`, where it is a word piece; :data:`PLACES` leads from tokens to pieces.
    """

    first: int
    arrays: Mapping[str, np.ndarray]


class Windows:
    """Cuts documents into what the encoder reads at once."""

    def __init__(self, vocabulary: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer: Tokenizer = Tokenizer.from_file(str(vocabulary))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.begin: int = self.tokenizer.token_to_id(_CLS)  # type: ignore[assignment]
        self.stop: int = self.tokenizer.token_to_id(_SEP)  # type: ignore[assignment]

    def of(self, doc: Doc) -> Iterator[Window]:
        """Give the windows of a parsed Doc, which together hold every token once."""
        pieces = self.pieces([token.text for token in doc])
        for first, end in self._cuts(doc, [len(p) for p in pieces]):
            yield Window(first, end, *self.enclosed(pieces[first:end]))

    def enclosed(self, pieces: Sequence[list[int]]) -> tuple[list[int], list[int]]:
        """The tokens' pieces as the encoder reads them, and where each token's first piece stands."""
        ids, places = [self.begin], []
        for own in pieces:
            places.append(len(ids) if own else len(ids) - 1)
            ids += own
        return [*ids, self.stop], places

    def pieces(self, words: Sequence[str]) -> list[list[int]]:
        """Word pieces of each token; a line break is a separator, other white space nothing."""
        encoding = self.tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
        found: list[list[int]] = [[] for _ in words]
        for piece, word in zip(encoding.ids, encoding.word_ids, strict=True):
            if word is not None:
                found[word].append(piece)
        return [p[:_MOST_PIECES] if p else [self.stop] if "\n" in word else []
                for p, word in zip(found, words, strict=True)]

    def _cuts(self, doc: Doc, sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
        """First token and one past the last of each window."""
        begin = size = 0
        for paragraph in blocks(doc):
            whole = sum(sizes[paragraph[0][0]:paragraph[-1][1]])
            if size and size + whole > LIMIT:
                yield begin, paragraph[0][0]
                begin, size = paragraph[0][0], 0
            for first, end in paragraph:
                more = sum(sizes[first:end])
                if size and size + more > LIMIT:
                    yield begin, first
                    begin, size = first, 0
                size += more
                while size > _LONGEST:  # one sentence that is too long: a list, a table
                    cut, size = begin, 0
                    while size + sizes[cut] <= _LONGEST:
                        size += sizes[cut]
                        cut += 1
                    yield begin, cut
                    begin, size = cut, sum(sizes[cut:end])
        if begin < len(doc):
            yield begin, len(doc)


class Encoder:
    """The spaCy component: sets ``doc._.kg_heads``.

    Each window is run on its own, so that what a text gives does not depend on the texts beside it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or resources.data("nlp", "data")

    def __call__(self, doc: Doc) -> Doc:
        """Read a document."""
        found = self.run(doc)
        doc._.set(ATTRIBUTE, [{"first": heads.first, **heads.arrays} for heads in found])  # what msgpack can carry
        return doc

    def run(self, doc: Doc, *names: str) -> list[Heads]:
        """What the model gives for each window of a Doc; with ``names`` no more than these is computed."""
        import numpy as np
        import onnxruntime as ort

        wanted = names or tuple(output.name for output in self.session.get_outputs())
        options = ort.RunOptions()
        options.only_execute_path_to_fetches = bool(names)
        found = []
        for window in self.windows.of(doc) if len(doc) else ():
            places = np.array(window.places, dtype=np.int64)
            given = {"ids": np.array([window.ids], dtype=np.int64), "places": places}
            arrays = self.session.run(wanted, given, options)
            found.append(Heads(window.first, {PLACES: places, **dict(zip(wanted, arrays, strict=True))}))
        return found

    @staticmethod
    def read(doc: Doc) -> list[Heads]:
        """What the component has left in a Doc; empty if it did not pass there."""
        found = doc._.get(ATTRIBUTE) if doc.has_extension(ATTRIBUTE) else ()
        return [Heads(window["first"], {name: array for name, array in window.items() if name != "first"})
                for window in found]

    @cached_property
    def windows(self) -> Windows:
        """The vocabulary, on first use."""
        return Windows(self.folder / VOCABULARY)

    @cached_property
    def session(self) -> Any:
        """The model, on first use."""
        return session(self.folder / MODEL)

    @property
    def version(self) -> str:
        """Name and version of the model."""
        return version(self.session)


def session(path: Path, threads: int = 0) -> Any:
    """Open a model of the project, for so many threads a run (0: OMP_NUM_THREADS, else one a core).

    Raises
    ------
    DataError
        If the file is damaged or missing.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads or int(os.environ.get("OMP_NUM_THREADS", "0"))
    options.enable_cpu_mem_arena = False  # windows and sentences differ in size, and an arena would grow with each
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the cores free
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise DataError(f"cannot be loaded ({type(error).__name__})", str(path),
                        "install the package again, or go without it with --fast") from None


def version(opened: Any) -> str:
    """Name and version of a model, from the file itself."""
    told = opened.get_modelmeta()
    return f"{told.graph_name} {told.version}"


@cache
def shipped() -> Encoder:
    """The model that comes with the package."""
    return Encoder()
