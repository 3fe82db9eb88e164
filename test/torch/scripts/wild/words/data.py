import re
from pathlib import Path

import torch

TEXT = Path(__file__).resolve().parents[5] / "examples" / "data" / "shakespeare.txt"


class Dictionary(object):
    def __init__(self):
        self.word2idx = {}
        self.idx2word = []

    def add_word(self, word):
        if word not in self.word2idx:
            self.idx2word.append(word)
            self.word2idx[word] = len(self.idx2word) - 1
        return self.word2idx[word]


class Corpus(object):
    def __init__(self, characters=8000):
        self.dictionary = Dictionary()
        words = re.findall(r"\w+|\n", TEXT.read_text(encoding="utf-8")[:characters])
        ids = torch.tensor([self.dictionary.add_word(word) for word in words])
        self.train, self.valid = ids[:-300], ids[-300:]
