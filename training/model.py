"""The network: five convolutions over the strip, one along the line, and two heads."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from extract.scan.digits import ALPHABET


def _block(
    inputs: int, outputs: int, kernel: tuple[int, int], stride: tuple[int, int], pad: tuple[int, int]
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, pad, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class DigitNet(nn.Module):
    """Strips (B, 1, 32, W) to CTC logits (B, W/2, 1 + characters) and the logit of "a text I know" (B,)."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            _block(1, 16, (5, 5), (2, 2), (2, 2)),  # 16 rows, W/2 steps
            _block(16, 32, (3, 3), (1, 1), (1, 1)),
            _block(32, 48, (3, 3), (2, 1), (1, 1)),  # 8 rows
            _block(48, 80, (3, 3), (2, 1), (1, 1)),  # 4 rows
            _block(80, 160, (4, 3), (1, 1), (0, 1)),  # 1 row
        )
        self.along = nn.Sequential(
            nn.Conv1d(160, 160, 5, padding=2, bias=False), nn.BatchNorm1d(160), nn.ReLU(inplace=True)
        )
        self.drop = nn.Dropout(0.1)
        self.read = nn.Conv1d(160, 1 + len(ALPHABET), 1)
        self.judge = nn.Conv1d(160, 64, 3, padding=1)
        self.known = nn.Linear(64, 1)

    def forward(self, strips: Tensor) -> tuple[Tensor, Tensor]:
        """Return (logits (B, T, C), logit of known (B,))."""
        seen = self.look(strips).squeeze(2)
        line = self.drop(seen + self.along(seen))
        known = self.known(torch.relu(self.judge(line)).amax(dim=2)).squeeze(1)
        return self.read(line).transpose(1, 2), known


class Exported(nn.Module):
    """The network as shipped: probabilities instead of logits for the steps."""

    def __init__(self, net: DigitNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, strips: Tensor) -> tuple[Tensor, Tensor]:
        """Return (CTC probabilities (B, T, C), logit of known (B,))."""
        logits, known = self.net(strips)
        return logits.softmax(dim=2), known
