"""Write the trained network as ONNX for :mod:`kg.nlp.encoder`: weights in 8 bits, arithmetic in floats."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from kg import resources
from kg.lab.encoder.model import NEVER, Reader, at, vocabulary
from kg.nlp.encoder import MODEL, VOCABULARY
from kg.nlp.pairs import MODEL as PAIRS

NAME, PAIRS_NAME = "MiniLM-L6 attribution", "MiniLM-L6 pairs"
_FLOAT = onnx.TensorProto.FLOAT
_INT8_FROM = 1024  # smaller tensors stay as they are


class Window(nn.Module):
    """The network as it runs: one window, without padding."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, places: Tensor) -> tuple[Tensor, ...]:
        """Heads of each token, the weights of distances, and what the shared layers make of each piece."""
        heads = self.reader.attribution
        middle = self.reader.shared(ids, None)
        cue, query, key, none = heads(at(self.reader.finished(middle, None), places[None]))
        return cue[0], query[0], key[0], none[0].masked_fill(~heads.optional, NEVER), heads.distance + 0, middle[0]


class Asked(nn.Module):
    """The questions about pairs in one sentence, from what the shared layers make of it."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, pieces: Tensor, places: Tensor, p: Tensor, q: Tensor) -> tuple[Tensor, ...]:
        """Probabilities of attitudes, and of relations forth and back, of each pair."""
        row = torch.zeros_like(p[:, 0])
        real = torch.ones_like(places, dtype=torch.bool)[None]
        found = self.reader.asked(pieces[None], None, places[None], real, row, p, q)
        return tuple(part.softmax(-1) for part in found)


def load(path: Path) -> Reader:
    """The network with the weights that training wrote."""
    reader = Reader()
    reader.load_state_dict(torch.load(path, weights_only=True))
    reader.encoder.set_attn_implementation("eager")  # the fused one is exported with checks for masked rows
    reader.eval()
    return reader


def export(reader: Reader, out: Path, version: int) -> None:
    """Write the model, and the vocabulary beside it."""
    ids, places = torch.tensor([[101, *range(2000, 2030), 102]]), torch.arange(1, 25)
    program = torch.onnx.export(
        Window(reader), (ids, places), dynamo=True, input_names=["ids", "places"],
        output_names=["cue", "query", "key", "none", "distance", "middle"], verbose=False,
        dynamic_shapes={"ids": {1: torch.export.Dim("pieces", min=3, max=512)},
                        "places": {0: torch.export.Dim("tokens", min=2, max=510)}})
    _write(program, out / MODEL, NAME, version)
    (out / VOCABULARY).write_bytes(vocabulary().read_bytes())


def export_pairs(reader: Reader, out: Path, version: int) -> None:
    """Write what answers questions about pairs."""
    pieces, tokens, pairs = (torch.export.Dim(name, min=least, max=512)
                             for name, least in (("pieces", 2), ("tokens", 2), ("pairs", 1)))
    given = (torch.randn(20, 384), torch.arange(15), torch.tensor([[0, 1]] * 4), torch.tensor([[3, 4]] * 4))
    program = torch.onnx.export(
        Asked(reader), given, dynamo=True, input_names=["pieces", "places", "p", "q"],
        output_names=["attitude", "forth", "back"], verbose=False,
        dynamic_shapes={"pieces": {0: pieces}, "places": {0: tokens}, "p": {0: pairs}, "q": {0: pairs}})
    _write(program, out / PAIRS, PAIRS_NAME, version)


def restored(path: Path) -> Reader:
    """The network out of a shipped file, as far as that goes: weights rounded to 8 bits, heads of pairs untrained.

    A matrix is known by the bias that is added to its product.
    """
    graph = onnx.load(path).graph
    found = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Mul" and node.input[1].endswith(".scale"):
            name = node.output[0]
            found[name] = found[name + ".int8"].astype(np.float32) * found[node.input[1]]
    behind = {name: node for node in graph.node for name in node.input}
    for node in graph.node:
        after = behind.get(node.output[0]) if node.op_type == "MatMul" and node.input[1] in found else None
        bias = next((name for name in after.input if name.endswith(".bias")), None) if after is not None else None
        if bias:
            found[bias.removesuffix("bias") + "weight"] = found[node.input[1]].T
    reader = Reader()
    plain = {name.removeprefix("reader."): array for name, array in found.items()}
    state = {name: plain.get(name, plain.get(name.removeprefix("attribution."))) for name in reader.state_dict()}
    reader.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in state.items() if array is not None},
                           strict=False)
    return reader


def _write(program: Any, path: Path, name: str, version: int) -> None:
    if program is None:
        raise RuntimeError("torch.onnx.export gave no program")
    written = in_eight_bits(program.model_proto)
    written.graph.name, written.model_version = name, version
    onnx.save(written, path)


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


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("state", type=Path, help="weights that kg.lab.encoder.train wrote")
    parser.add_argument("--out", type=Path, default=resources.data("nlp", "data"), help="where the model goes")
    parser.add_argument("--version", type=int, default=2, help="version that statements will name")
    parser.add_argument("--pairs", action="store_true", help="write the layers and heads of marked pairs instead")
    args = parser.parse_args()
    reader = load(args.state)
    (export_pairs if args.pairs else export)(reader, args.out, args.version)


if __name__ == "__main__":
    main()
