"""The folder in a browser and at a SPARQL endpoint: an explorer of any size, read only, on this machine.

In reading order: :mod:`~kg.serve.index` finds actors and sentences, and the statements of a page, without reading the
whole; :mod:`~kg.serve.pages` draws pages of them; :mod:`~kg.serve.snapshot` and :mod:`~kg.serve.answers` answer
SPARQL, in processes that :mod:`~kg.serve.workers` ends when they take too long; :mod:`~kg.serve.app` is the web
application, and :mod:`~kg.serve.run` the command.
"""
