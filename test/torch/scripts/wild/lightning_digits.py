"""A LightningModule and Trainer.fit: gradient clipping, accumulation, a scheduler, a checkpoint."""
import logging
import tempfile
import warnings

import torch
from digits import Digits, checksum
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

warnings.filterwarnings("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
import lightning as L  # noqa: E402
from lightning.pytorch.callbacks import Callback  # noqa: E402


class Printer(Callback):
    def on_train_epoch_end(self, trainer, module):
        print("epoch", trainer.current_epoch, {name: round(value.item(), 4) for name, value in trainer.callback_metrics.items()})


class LitDigits(L.LightningModule):
    def __init__(self, width=32, lr=3e-3):
        super().__init__()
        self.save_hyperparameters()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(64, width), nn.ReLU(), nn.Dropout(0.1))
        self.classifier = nn.Linear(width, 10)

    def forward(self, x):
        return self.classifier(self.encoder(x))

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.cross_entropy(self(x), y)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        x, y = batch
        self.log("val_loss", F.cross_entropy(self(x), y))

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr)
        return [optimizer], [torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=3)]


if __name__ == "__main__":
    L.seed_everything(3, verbose=False)
    with tempfile.TemporaryDirectory() as folder:
        trainer = L.Trainer(
            default_root_dir=folder,
            accelerator="cpu",
            max_epochs=3,
            accumulate_grad_batches=2,
            gradient_clip_val=0.5,
            logger=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            callbacks=[Printer()],
        )
        model = LitDigits()
        trainer.fit(model, DataLoader(Digits(), batch_size=32, shuffle=True), DataLoader(Digits(train=False), batch_size=64))
        print("steps", trainer.global_step)
        print("weights", checksum(model.state_dict()))
