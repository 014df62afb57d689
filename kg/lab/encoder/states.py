"""Read the marked sentences with the shipped encoder, as far as that is shared: its layers stay as they are.

    python -m kg.lab.encoder.states examples.npz --out states

One array a part of the examples, of half floats, word piece after word piece. Some sentences are read among others, as
they stand in articles; which, is chance with a seed. Heads for pairs can then be trained many times at little cost.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from kg import resources
from kg.lab.encoder.export import restored
from kg.lab.encoder.model import Corpus, Reader, at, padded
from kg.nlp.encoder import MODEL

#: Share of training sentences that are read among others.
AROUND = 0.4
_HELD_OUT = ("valid", "unseen")
_ROWS = 64


@torch.no_grad()
def read(model: Reader, corpus: Corpus, share: float, device: str, seed: int = 0) -> np.ndarray:
    """States of all word pieces of a part: pieces x width."""
    chance = random.Random(seed)  # noqa: S311 - which sentences stand beside which
    lengths = np.array([len(own) - 2 for own in corpus.ids])
    first = np.concatenate([[0], np.cumsum(lengths)])
    found = np.empty((first[-1], model.encoder.config.hidden_size), dtype=np.float16)
    order = np.argsort(lengths, kind="stable")
    for rows in np.array_split(order, max(1, len(order) // _ROWS)):
        placed = [_among(corpus, int(row), share, chance) for row in rows]
        ids, mask = padded([pieces for pieces, _ in placed])
        inside, _ = padded([range(begin, begin + lengths[row]) for row, (_, begin) in zip(rows, placed, strict=True)])
        with torch.autocast(device, torch.bfloat16):
            states = at(model.shared(ids.to(device), mask.to(device)), inside.to(device)).half().cpu().numpy()
        for row, own in zip(rows, states, strict=True):
            found[first[row]:first[row + 1]] = own[:lengths[row]]
    return found


def _among(corpus: Corpus, row: int, share: float, chance: random.Random) -> tuple[Sequence[int], int]:
    """Pieces of a sentence, perhaps between others, and where its own begin."""
    own = corpus.ids[row].tolist()
    before, after = ([], [])
    if chance.random() < share:
        before, after = (corpus.ids[chance.randrange(len(corpus))].tolist()[1:-1] if chance.random() < 0.6 else []
                         for _ in range(2))
    return [own[0], *before, *own[1:-1], *after, own[-1]], len(before) + 1


def main() -> None:
    """Read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path, help="what kg.lab.encoder.examples wrote")
    parser.add_argument("--out", type=Path, default=Path("states"), help="folder for the arrays")
    parser.add_argument("--encoder", type=Path, default=resources.data("nlp", "data", MODEL), help="the model")
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = restored(args.encoder).to(device).eval()
    arrays = dict(np.load(args.examples))
    args.out.mkdir(parents=True, exist_ok=True)
    for name in sorted(key.removesuffix(".marks") for key in arrays if key.endswith(".marks")):
        states = read(model, Corpus(arrays, name), 0.0 if name in _HELD_OUT else AROUND, device)
        np.save(args.out / f"{name}.npy", states)


if __name__ == "__main__":
    main()
