"""Train the digit reader and write `digits.onnx`: `python training/train.py` (about an hour on two cores)."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import PIL
import torch
from torch import Tensor, nn

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO))

from extract.scan.digits import ALPHABET, DigitReader  # noqa: E402
from training import calibrate  # noqa: E402
from training import evaluate as evaluation  # noqa: E402
from training.calibrate import fit_temperatures  # noqa: E402
from training.damage import TRAINED  # noqa: E402
from training.data import SHARD, Batch, batches  # noqa: E402
from training.evaluate import evaluate, show  # noqa: E402
from training.fonts import ROOTS, find_fonts  # noqa: E402
from training.model import DigitNet, Exported  # noqa: E402

MODEL = REPO / "src" / "extract" / "scan" / "digits.onnx"


def loss_of(net: DigitNet, batch: Batch, device: str) -> Tensor:
    """CTC over the known texts plus the cross-entropy of known against unknown."""
    logits, known = net(torch.from_numpy(batch.strips).to(device))
    truth = torch.from_numpy(batch.known).to(device)
    judged = nn.functional.binary_cross_entropy_with_logits(known, truth)
    rows = [i for i, k in enumerate(batch.known) if k]
    if not rows:
        return judged
    targets = torch.tensor([c for i in rows for c in batch.codes[i]], dtype=torch.long, device=device)
    lengths = torch.tensor([len(batch.codes[i]) for i in rows])
    steps = logits[rows].log_softmax(dim=2).transpose(0, 1)
    spans = torch.full((len(rows),), steps.shape[0])
    ctc = nn.functional.ctc_loss(steps, targets, spans, lengths, reduction="none", zero_infinity=True)
    return ctc.mean() + judged


def train(options: argparse.Namespace) -> DigitNet:
    """Run over the shards once, one-cycle learning rate, and return the averaged network."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    net = DigitNet().to(options.device)
    if options.start:
        net.load_state_dict(torch.load(options.start, weights_only=True))
    smooth = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.997), use_buffers=True
    )
    total = options.shards * -(-SHARD // options.batch)
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.rate, total_steps=total, pct_start=options.warm
    )
    started, losses = time.monotonic(), list[Tensor]()
    for step, batch in enumerate(
        batches(options.fonts, options.seed, options.shards, options.batch, options.workers)
    ):
        loss = loss_of(net.train(), batch, options.device)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        schedule.step()
        smooth.update_parameters(net)
        losses.append(loss.detach())
        if step % 200 == 199:
            seconds = time.monotonic() - started
            print(
                f"{step + 1}/{total} loss {float(torch.stack(losses).mean()):.4f} {seconds:.0f}s", flush=True
            )
            losses.clear()
        if step % 1000 == 999:
            torch.save(smooth.module.state_dict(), options.out.with_suffix(".pt"))
    trained = smooth.module.cpu()
    torch.save(trained.state_dict(), options.out.with_suffix(".pt"))
    return trained


def export(net: DigitNet, path: Path, meta: dict[str, str]) -> None:
    """Write the network as ONNX, batch and width free, with `meta` beside the alphabet."""
    import onnx  # noqa: PLC0415 - not needed for the rest

    torch.onnx.export(
        Exported(net).eval(),
        (torch.zeros(2, 1, 32, 64),),
        str(path),
        input_names=["strips"],
        output_names=["steps", "known"],
        dynamic_axes={"strips": {0: "n", 3: "w"}, "steps": {0: "n", 1: "t"}, "known": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(path))
    for key, value in {"alphabet": json.dumps(ALPHABET), **meta}.items():
        model.metadata_props.add(key=key, value=value)
    onnx.save(model, str(path))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", type=int, default=320, help=f"shards of {SHARD} samples")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate")
    parser.add_argument("--warm", type=float, default=0.1, help="share of the steps in which the rate rises")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="where to train: cpu, or cuda for a graphics card")
    parser.add_argument("--workers", type=int, default=1, help="processes that render")
    parser.add_argument("--start", type=Path, help="weights (.pt) to go on from")
    parser.add_argument(
        "--finish", action="store_true", help="no training: export and measure the weights of --start"
    )
    parser.add_argument(
        "--count", type=int, default=10_000, help="cells to fit the temperatures on, and in each test set"
    )
    parser.add_argument("--fonts", type=Path, nargs="*", default=ROOTS, help="folders that hold the fonts")
    parser.add_argument("--out", type=Path, default=MODEL)
    return parser.parse_args()


def main() -> None:
    """Train, fit the temperatures on the validation set, export and write the card."""
    options = arguments()
    options.fonts = tuple(options.fonts)
    if options.finish:
        net = DigitNet()
        net.load_state_dict(torch.load(options.start, weights_only=True))
    else:
        net = train(options)
    export(net, options.out, {"temperature": "1.0", "unknown_temperature": "1.0"})
    texts, unknown = fit_temperatures(options.out, options.fonts, options.count)
    export(net, options.out, {"temperature": str(texts), "unknown_temperature": str(unknown)})
    report, results = evaluate(DigitReader(model=options.out), options.fonts, options.count)
    show(report, results)
    card = card_of(options, net, texts, unknown) | {"held_out": report}
    options.out.with_suffix(".card.json").write_text(
        json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )


def card_of(options: argparse.Namespace, net: DigitNet, texts: float, unknown: float) -> dict[str, Any]:
    """Return what the card says besides the figures: how, from what and when the network was made."""
    fonts = find_fonts(options.fonts)
    return {
        "what": "reads the value cells of table pictures; made by training/train.py, see training/README.md",
        "alphabet": ALPHABET,
        "date": datetime.now(UTC).date().isoformat(),
        "command": f"python training/train.py --shards {options.shards} --batch {options.batch} --seed {options.seed}"
        + (f" --start {options.start.name}" if options.start else ""),
        "device": options.device,
        "parameters": sum(p.numel() for p in net.parameters()),
        "training_cells": options.shards * SHARD,
        "training_damage": {name: share for name, (_, share) in TRAINED.items()},
        "training_fonts": sorted({Path(f.path).name for f in fonts if f.group == "train"}),
        "seeds": {"training": options.seed, "validation": calibrate.SEED, "held_out": evaluation.SEED},
        "temperature": texts,
        "unknown_temperature": unknown,
        "versions": {
            "torch": torch.__version__,
            "numpy": np.__version__,
            "pillow": PIL.__version__,
            "opencv": cv2.__version__,
        },
    }


if __name__ == "__main__":
    main()
