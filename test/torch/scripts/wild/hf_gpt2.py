"""A GPT-2 of two layers, made from its configuration, trained by Hugging Face's Trainer on characters."""
import os
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
import torch  # noqa: E402
from digits import DATA, checksum  # noqa: E402
from torch.utils.data import Dataset  # noqa: E402
from transformers import GPT2Config, GPT2LMHeadModel, Trainer, TrainingArguments, set_seed  # noqa: E402


class Characters(Dataset):
    def __init__(self, block=32, characters=4000):
        text = (DATA / "shakespeare.txt").read_text(encoding="utf-8")[:characters]
        self.vocabulary = sorted(set(text))
        self.ids = torch.tensor([self.vocabulary.index(c) for c in text])
        self.block = block

    def __len__(self):
        return len(self.ids) // self.block

    def __getitem__(self, i):
        part = self.ids[i * self.block : (i + 1) * self.block]
        return {"input_ids": part, "labels": part}


def main():
    set_seed(5)
    data = Characters()
    config = GPT2Config(vocab_size=len(data.vocabulary), n_positions=32, n_embd=32, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0)
    model = GPT2LMHeadModel(config)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            use_cpu=True,
            max_steps=20,
            per_device_train_batch_size=8,
            gradient_accumulation_steps=2,
            learning_rate=1e-3,
            warmup_steps=4,
            logging_steps=5,
            save_strategy="steps",
            save_steps=10,
            report_to=[],
            disable_tqdm=True,
        )
        trainer = Trainer(model=model, args=arguments, train_dataset=data)
        trainer.train()
        print("steps", trainer.state.global_step)
        print("losses", [entry["loss"] for entry in trainer.state.log_history if "loss" in entry])
    print("weights", checksum(model.state_dict()))


if __name__ == "__main__":
    main()
