"""Fit encoder and heads to the examples: this needs PyTorch and, to be done in minutes, a GPU.

    python -m kg.lab.encoder.train examples.npz --out reader.pt
    python -m kg.lab.encoder.train examples.npz --task pairs --states states --out pairs.pt

Attribution fits encoder and heads to windows of articles. Pairs fit layers and heads of their own to marked sentences;
the shipped encoder, with which :mod:`kg.lab.encoder.states` has read them, stays as it is. Batches in random order,
AdamW, linear warm-up and decay; the word embeddings stay as published; what is kept is the moving average of the
weights, written every 100 steps.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kg import resources
from kg.attribution.pointers import PARTS
from kg.lab import dse
from kg.lab.encoder.export import restored
from kg.lab.encoder.model import FOLDS, NEVER, UNKNOWN, Corpus, Cues, Marked, Reader, cues, marked
from kg.nlp.encoder import MODEL

_WARM, _DECAY, _CLIP = 0.08, 0.01, 1.0
_CUE_WEIGHT, _ENDS_WEIGHT = 1 / 40, 1 / 80
_LEFT = -100
_HELD_OUT = ("valid", "unseen")


@dataclass(frozen=True)
class Recipe:
    """What a run is made with: ``step`` in word pieces, padding included; ``made`` pairs of our own an epoch."""

    out: Path
    task: str = "cues"
    epochs: float = 4.0
    seed: int = 0
    step: int = 2048
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    average: float = 0.998
    made: int = 30_000
    fold: int = -1


# ---- batches ---------------------------------------------------------------------------------------------------------

def groups(corpus: Corpus, rows: Sequence[int], step: int) -> list[list[int]]:
    """Rows of like length together, ``step`` pieces at most, padding included; else in the order given."""
    result: list[list[int]] = []
    longest = 0
    for row in sorted(rows, key=lambda row: len(corpus.ids[row]) // 16):
        longest = max(longest, len(corpus.ids[row]))
        if not result or (len(result[-1]) + 1) * longest > step:
            result.append([])
            longest = len(corpus.ids[row])
        result[-1].append(row)
    return result


def epoch(corpora: dict[str, Corpus], recipe: Recipe, chance: random.Random) -> list[tuple[str, list[int]]]:
    """Batches by corpus.

    For attribution, every window; for pairs half of DSE, which is learned by heart first, PLV, which is small, thrice
    (without the fold left out), and as many made pairs as told.
    """
    if recipe.task == "cues":
        chosen = {"train": list(range(len(corpora["train"])))}
    else:
        news, plv, made = (range(len(corpora[name])) for name in ("dse", "plv", "made"))
        chosen = {"dse": chance.sample(news, len(news) // 2),
                  "plv": [row for row in plv if row % FOLDS != recipe.fold] * 3,
                  "made": chance.sample(made, min(recipe.made, len(made)))}
    jobs = [(name, group) for name, rows in chosen.items()
            for group in groups(corpora[name], chance.sample(rows, len(rows)), recipe.step)]
    chance.shuffle(jobs)
    return jobs


# ---- losses ----------------------------------------------------------------------------------------------------------

def attribution_loss(model: Reader, batch: Cues) -> Tensor:
    """Cross entropies of the cue question and of the ends of the annotators' cues."""
    odds, scores = model.cues(batch)
    ends = batch.ends.masked_fill(batch.ends == UNKNOWN, _LEFT - 1) + 1
    cue = functional.binary_cross_entropy_with_logits(odds[batch.real], batch.is_cue[batch.real], reduction="sum")
    pointed = functional.cross_entropy(scores.reshape(-1, scores.size(-1)), ends.reshape(-1), ignore_index=_LEFT,
                                       reduction="sum")
    return cue * _CUE_WEIGHT + pointed * _ENDS_WEIGHT


def pair_loss(model: Reader, batch: Marked) -> Tensor:
    """Cross entropies of attitude and relations, each a mean over what is known of it."""
    five, forth, back = model.stances(batch)
    told = functional.one_hot(batch.attitude.clamp(min=0), five.size(1)).bool()
    loss = _among(five, told, batch.attitude >= 0)
    for scores, allowed in ((forth, batch.forth), (back, batch.back)):
        bits = (allowed[:, None] >> torch.arange(scores.size(1), device=scores.device)) & 1
        loss = loss + 0.5 * _among(scores, bits.bool(), allowed > 0)
    return loss


def _among(scores: Tensor, allowed: Tensor, known: Tensor) -> Tensor:
    """Minus the log-probability of all that is allowed, a mean over the rows of which something is known."""
    found = -torch.logsumexp(scores.log_softmax(-1).masked_fill(~allowed, NEVER), -1)
    return (found * known).sum() / known.sum().clamp(min=1)


# ---- training --------------------------------------------------------------------------------------------------------

def read(examples: Path, states: Path | None) -> dict[str, Corpus]:
    """The parts of the examples by name; those with marked actors with their ``states``, if there is such a folder."""
    arrays, found = dict(np.load(examples)), {}
    for name in (key.removesuffix(".ids") for key in arrays if key.endswith(".ids")):
        file = states / f"{name}.npy" if states and f"{name}.marks" in arrays else None
        found[name] = Corpus(arrays, name, np.load(file, mmap_mode="r") if file else None)
    return found


def train(corpora: dict[str, Corpus], recipe: Recipe) -> dict[str, Any]:
    """Fit, report on what is held out after every other epoch, and write the averaged weights."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311 - the order of the examples
    shipped = recipe.task == "pairs"
    model = restored(resources.data("nlp", "data", MODEL)) if shipped else Reader()
    if shipped:
        model.own.load_state_dict(model.encoder.encoder.layer[-len(model.own):].state_dict())
    model.to(device).train()  # published weights come with dropout switched off
    model.encoder.embeddings.word_embeddings.requires_grad_(False)
    if shipped:
        model.encoder.requires_grad_(False).eval()
    layers = [p for part in (model.encoder, model.own) for p in part.parameters()]
    new = {id(p) for p in model.parameters()} - {id(p) for p in layers}
    optimizer = torch.optim.AdamW([
        {"params": [p for p in layers if p.requires_grad], "lr": recipe.rate},
        {"params": [p for p in model.parameters() if id(p) in new], "lr": recipe.head_rate}],
        weight_decay=_DECAY, fused=device == "cuda")
    size = len(epoch(corpora, recipe, random.Random(0)))  # noqa: S311
    steps = int(recipe.epochs * size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (_WARM * steps)) * max(0.0, (steps - step) / steps))
    kept = copy.deepcopy(model).eval()
    began, done, figures = time.monotonic(), 0, {}
    while done < steps:
        for name, rows in epoch(corpora, recipe, chance):
            with torch.autocast(device, torch.bfloat16):
                loss = (attribution_loss(model, cues(corpora[name], rows).to(device)) if name == "train" else
                        pair_loss(model, marked(corpora[name], rows).to(device)))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), _CLIP)
            optimizer.step()
            schedule.step()
            done += 1
            _average(kept, model, min(recipe.average, (done + 1) / (done + 10)))
            if done % 100 == 0:
                _save(kept, recipe.out)
                _say(f"{recipe.out.stem}: step {done} of {steps}, {time.monotonic() - began:.0f} s, "
                     f"loss {float(loss.detach()):.3f}")
            if done >= steps:
                break
        if done >= steps or round(done / size) % 2 == 0:
            figures = report(kept, corpora, recipe, device)
            _say(json.dumps({"run": recipe.out.stem, "epoch": round(done / size, 1),
                             "seconds": round(time.monotonic() - began), **figures}))
    _save(kept, recipe.out)
    return figures


def _save(model: Reader, out: Path) -> None:
    torch.save({name: value.half() for name, value in model.state_dict().items()}, out)


@torch.no_grad()
def _average(kept: Reader, model: Reader, share: float) -> None:
    mine, new = [p for p in kept.parameters() if p.requires_grad], [p for p in model.parameters() if p.requires_grad]
    torch._foreach_lerp_(mine, new, 1 - share)


# ---- report ----------------------------------------------------------------------------------------------------------

@torch.no_grad()
def report(model: Reader, corpora: dict[str, Corpus], recipe: Recipe, device: str) -> dict[str, Any]:
    """Figures on the parts that are held out."""
    found: dict[str, Any] = {}
    if recipe.task == "cues":
        found |= _attribution_figures(model, corpora["dev"], device)
    if recipe.task == "pairs":
        for name in _HELD_OUT:
            rows = np.flatnonzero(corpora[name].marks[:, 4] >= 0).tolist()
            gold, said = corpora[name].marks[rows, 4], _stances(model, corpora[name], rows, device)[0].argmax(1)
            found[name] = [round(figure, 4) for figure in dse.figures(said, gold)]
        if recipe.fold >= 0:
            rows = [row for row in range(len(corpora["plv"])) if row % FOLDS == recipe.fold]
            said = _stances(model, corpora["plv"], rows, device)[1][:, 1:].argmax(1) + 1
            found["plv"] = round(float(np.mean([corpora["plv"].marks[row, 5] >> s & 1
                                                for row, s in zip(rows, said, strict=True)])), 4)
    return found


def _stances(model: Reader, corpus: Corpus, rows: Sequence[int], device: str) -> list[np.ndarray]:
    found: dict[int, list[np.ndarray]] = {}
    for group in groups(corpus, rows, 8192):
        parts = [part.float().cpu().numpy() for part in model.stances(marked(corpus, group).to(device))]
        found |= {row: [part[n] for part in parts] for n, row in enumerate(group)}
    return [np.array([found[row][n] for row in rows]) for n in range(3)]


def _attribution_figures(model: Reader, corpus: Corpus, device: str) -> dict[str, Any]:
    """Best F1 of cue heads, and the share of the annotators' cues whose parts are right at both ends."""
    odds, labels, right, count = [], [], np.zeros(len(PARTS)), 0
    for group in groups(corpus, range(len(corpus)), 8192):
        batch = cues(corpus, group).to(device)
        cue, scores = model.cues(batch)
        odds.append(cue[batch.real].float().cpu().numpy())
        labels.append(batch.is_cue[batch.real].cpu().numpy())
        same = (scores.argmax(-1) - 1) == batch.ends
        right += same.view(-1, len(PARTS), 2).all(-1).sum(0).cpu().numpy()
        count += len(batch.row)
    return {"cue heads": round(best_f1(np.concatenate(odds), np.concatenate(labels)), 4),
            **{part: round(share, 4) for part, share in zip(PARTS, (right / count).tolist(), strict=True)}}


def best_f1(odds: np.ndarray, labels: np.ndarray) -> float:
    """F1 at the threshold that suits it best."""
    hits = np.cumsum(labels[np.argsort(-odds)])
    return float((2 * hits / (np.arange(1, len(odds) + 1) + hits[-1])).max())


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path, help="what kg.lab.encoder.examples wrote")
    parser.add_argument("--out", type=Path, default=Path("reader.pt"), help="where the weights go")
    parser.add_argument("--task", default="cues", choices=("cues", "pairs"), help="what is learned (default cues)")
    parser.add_argument("--fold", type=int, default=-1, help="a fifth of PLV (0 to 4) that is left out and scored")
    parser.add_argument("--epochs", type=float, default=Recipe.epochs)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument("--states", type=Path, help="for pairs: what kg.lab.encoder.states wrote")
    args = parser.parse_args()
    train(read(args.examples, args.states), Recipe(args.out, args.task, args.epochs, args.seed,
                                                   fold=args.fold))


if __name__ == "__main__":
    main()
