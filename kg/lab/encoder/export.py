"""Write the trained network as ONNX for :mod:`kg.nlp.encoder`: weights in 8 bits, arithmetic in floats."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from kg import resources
from kg.lab.encoder.model import Reader, vocabulary
from kg.nlp.encoder import MODEL, VOCABULARY

NAME = "MiniLM-L6 attribution"
_NEVER = -1e4
_FLOAT = onnx.TensorProto.FLOAT
_INT8_FROM = 1024  # smaller tensors stay as they are


class Window(nn.Module):
    """The network as it runs: one window, without padding."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, places: Tensor) -> tuple[Tensor, ...]:
        """Heads of each token, and the weights of distances."""
        heads = self.reader.attribution
        cue, query, key, none = heads(self.reader.states(ids, None, places[None]))
        return cue[0], query[0], key[0], none[0].masked_fill(~heads.optional, _NEVER), heads.distance + 0


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


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("state", type=Path, help="weights that kg.lab.encoder.train wrote")
    parser.add_argument("--out", type=Path, default=resources.data("nlp", "data"), help="where the model goes")
    parser.add_argument("--version", type=int, default=2, help="version that statements will name")
    args = parser.parse_args()
    export(load(args.state), args.out, args.version)


if __name__ == "__main__":
    main()
