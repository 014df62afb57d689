"""The folder that a graph lives in, and grows in: what was read, the graph of it, and the files made of both.

``articles.sqlite`` is the truth (:mod:`kg.ledger`); ``store/`` shows it as a graph, whole articles only; and
``statements.jsonl``, ``graph.trig`` and ``graph.html`` follow at the end of each run. A process that dies at any moment
loses at most the article that it was at: what is in the ledger and not yet in the graph, the next run shows. The graph
may be at an endpoint instead, whose address ``store.url`` has; it is in one place only.
"""

from __future__ import annotations

import errno
import json
import shutil
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kg import copies, store
from kg.errors import KgError, UsageError
from kg.ledger import FILE as LEDGER
from kg.ledger import Ledger
from kg.rdf.quads import article_quads, articles_of, from_dataset, to_quads
from kg.records import Document, Statement
from kg.view.page import write_page
from kg.view.selection import best_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.ledger import Article
    from kg.rdf.quads import Quad
    from kg.remote import RemoteDataset
    from kg.store import OxigraphDataset

STATEMENTS, PAGE = "statements.jsonl", "graph.html"
_NOTED = 500  # articles; what is shown and not yet noted is shown again after a crash
FILES = (STATEMENTS, store.FILE, PAGE)  #: what follows the store


class Home:
    """A folder opened for writing, by one process at a time.

    Parameters
    ----------
    folder
        Made if missing.
    address
        The endpoint that its graph is at from now on; by default the graph stays where it is.

    Raises
    ------
    KgError
        If another process writes to it, or it cannot be written.
    """

    def __init__(self, folder: Path, address: str | None = None) -> None:
        self.folder = folder
        with ExitStack() as held:
            with _told(folder):
                folder.mkdir(parents=True, exist_ok=True)
                before = store.address_of(folder)
                self.graph = held.enter_context(_opened(folder, address or before))
                self.ledger = held.enter_context(closing(Ledger(folder / LEDGER)))
            if address and address != before:
                self._move(address)
            self._compare()
            self.show()
            self._held = held.pop_all()

    def _move(self, address: str) -> None:
        """From now on the graph is at this endpoint, and no longer where it was."""
        local = self.folder / store.FOLDER
        if local.is_dir():
            store.open_store(local).close()  # which fails if another process writes to it
        self.ledger.show_again()
        with _told(self.folder), _replaced(self.folder / store.ADDRESS) as file:
            file.write_text(f"{address}\n", encoding="utf-8")
        shutil.rmtree(local, ignore_errors=True)

    def _compare(self) -> None:
        """What the graph has lost, as with a log that a power failure took, is shown again.

        What is no article of the folder goes from its own store; an endpoint may have articles of others.
        """
        there, known = store.digests(self.graph), self.ledger.digests()
        if not there:
            self.ledger.show_again()
            return
        if isinstance(self.graph, store.OxigraphDataset):
            with _told(self.folder):
                store.replace_articles(self.graph, {ident: [] for ident in there.keys() - known.keys()})
        self.ledger.hide(ident for ident, text in known.items() if there.get(ident) != text)

    def __enter__(self) -> Home:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        self._held.close()

    # ---- growing ---------------------------------------------------------------------------------------------------

    def put(self, document: Document, statements: Sequence[Statement], made_by: str, digest: str | None = None) -> None:
        """Take in an article, or a new version of one; it is on disk and in the graph when this returns.

        ``digest`` is that of its text, where the document comes without it.
        """
        self.ledger.put(document, statements, made_by, digest)
        self.show()

    def remove(self, ident: str) -> bool:
        """Take out an article, by its id; gives whether there was one."""
        there = self.ledger.remove(ident)
        self.show()
        return there

    def show(self) -> None:
        """Bring the graph up to what the ledger has."""
        done: set[int] = set()
        noted = 0
        for number, ident, current in self.ledger.unshown():
            if number in done:
                continue
            story = self.ledger.story(number) if current else []
            found = {article.document.id: [*self._described(article), *to_quads(told)] for article, told in once(story)}
            if not current and not self.ledger.has(ident):
                found[ident] = []
            with _told(self.folder):
                store.replace_articles(self.graph, found)
            done.update([number, *(article.number for article in story)])
            if len(done) >= noted + _NOTED:
                self.ledger.shown(done)
                noted = len(done)
        if done:
            self.ledger.shown(done)

    def _described(self, article: Article) -> Iterator[Quad]:
        earlier = self.ledger.earlier(article.document) - {article.digest}
        return article_quads(article.document, article.digest, sorted(earlier))

    def actors(self) -> int:
        """How many actors the graph knows."""
        return store.count_actors(self.graph)

    # ---- files -----------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Write the files that follow the store, if they are behind; each is replaced as a whole."""
        if not self.ledger.behind and all((self.folder / name).exists() for name in FILES):
            return
        with _told(self.folder):
            with _replaced(self.folder / STATEMENTS) as file, file.open("w", encoding="utf-8", newline="\n") as lines:
                lines.writelines(s.to_line() for s in self.statements())
            with _replaced(self.folder / store.FILE) as file:
                store.export(self.graph, "trig", file)
            with _replaced(self.folder / PAGE) as file:
                shown, total = best_known(lambda: read_statements(self.folder / STATEMENTS))
                write_page(shown, file, total=total)
        self.ledger.written()

    def statements(self) -> Iterator[Statement]:
        """All statements as the graph has them, by the ids of their articles and there in text order."""
        waiting: dict[int, list[Statement]] = {}
        for article in self.ledger.current():
            if article.number not in waiting:
                story = self.ledger.story(article.number)
                waiting |= {one.number: told for one, told in once(story)}
            yield from waiting.pop(article.number)


def once(story: Sequence[Article]) -> Iterator[tuple[Article, list[Statement]]]:
    """The articles of a story, each with the statements that it is the first to have."""
    if len(story) == 1:
        yield story[0], list(story[0].statements)
    else:
        yield from zip(story, copies.told_once([(a.document, a.statements) for a in story]), strict=True)


def restored(lines: Iterable[str], out: Path, where: str, address: str | None = None) -> None:
    """Make a folder of the lines that :meth:`kg.ledger.Ledger.dump` gives, with its graph at an endpoint if so wished.

    Raises
    ------
    KgError
        If the folder has articles already; then their graph stays where it is, too.
    """
    if (out / LEDGER).is_file():
        with closing(Ledger(out / LEDGER)) as ledger:
            ledger.must_be_empty()
    with Home(out, address) as home:
        home.ledger.load(lines, where)
        home.show()
        home.write()


def imported(home: Home, file: Path) -> int:
    """Take in the articles of a file of statements, or of a graph of ours; gives how many there were.

    Of an article that only carries what stands with others, a file of statements tells no more than the id.
    """
    articles: dict[str, tuple[Document, list[Statement]]] = {}
    digests: dict[str, str] = {}
    if file.suffix == ".jsonl":
        found = read_statements(file)
    else:
        dataset = store.open_store()
        store.load_file(dataset, file, _format(file))
        articles = {document.id: (document, []) for document in articles_of(dataset)}
        found, digests = from_dataset(dataset), store.digests(dataset)
    carriers: set[str] = set()
    for statement in found:
        articles.setdefault(statement.document.id, (statement.document, []))[1].append(statement)
        carriers.update(statement.carried_by)
    for ident in carriers - articles.keys():
        if not home.ledger.has(ident):
            articles[ident] = Document(ident), []
    for ident, (document, statements) in sorted(articles.items()):
        home.put(document, statements, statements[0].model if statements else "", digests.get(ident, ""))
    return len(articles)


def _format(file: Path) -> str:
    formats = {".trig": "trig", ".nq": "nquads", ".nquads": "nquads", ".jsonld": "jsonld", ".json": "jsonld"}
    if file.suffix not in formats:
        raise UsageError("its name does not say what it is", str(file), f"take {' '.join(formats)} or .jsonl")
    return formats[file.suffix]


def read_statements(path: Path) -> Iterator[Statement]:
    """Read statement records, a line at a time.

    Raises
    ------
    KgError
        If there is no such file, or a line is no statement record.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield Statement.from_json(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    raise KgError(f"is no statement record ({type(error).__name__}: {error})", f"{path}:{number}",
                                  "build the folder again") from None
    except UnicodeDecodeError:
        raise KgError("is no UTF-8", str(path), "give statement records as kg extract writes them") from None
    except OSError as error:
        raise KgError(f"cannot be read ({error.strerror})", str(path),
                      "make it with: kg build INPUT... --out DIR") from None


@contextmanager
def _opened(folder: Path, address: str | None) -> Iterator[OxigraphDataset | RemoteDataset]:
    """The graph of a folder, for one process at a time."""
    if address is None:
        with closing(store.open_store(folder / store.FOLDER)) as graph:
            yield graph
            with _told(folder):
                graph.oxigraph.flush()  # what stays in the store's log, all who read it would play back on opening
        return
    from filelock import FileLock, Timeout

    from kg.remote import RemoteDataset

    lock = FileLock(folder / ".lock", timeout=0)  # as Oxigraph has one in its own folder
    try:
        with lock, closing(RemoteDataset(address)) as remote:
            yield remote
    except Timeout:
        raise KgError("another process is writing to this folder", str(folder), "wait until it is done") from None


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A file to write to, which takes the place of another once it is whole."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Faults of the file system in the project's words."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or folder)
        if error.errno == errno.ENOSPC or "No space left" in str(error):
            raise KgError("the disk is full", where,
                          "make room and run the command again: what was done is kept") from None
        raise KgError(f"cannot be written ({error.strerror or error})", where,
                      "choose another folder with --out") from None
