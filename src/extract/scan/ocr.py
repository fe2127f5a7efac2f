"""OCR engines: lines of text to strings with scores, pages to lines; the same interface for both engines."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.errors import EnvironmentFault
from extract.scan.image import Grey

_HEIGHT = 48
"""Height of a line in pixels that the recogniser was trained on."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text: its text, score (0 to 1) and box (x0, y0, x1, y1) in pixels."""

    text: str
    score: float
    box: tuple[float, float, float, float]


class Engine(Protocol):
    """What reads text in pixels."""

    def read_lines(self, crops: Sequence[Grey]) -> list[tuple[str, float]]:
        """Read crops (h, w) of one line each; text and score for each, an empty text where nothing is read."""

    def find_text(self, grey: Grey) -> list[Line]:
        """Find and read the lines of a picture."""


def load_engine(name: str) -> Engine:
    """Return the engine `rapidocr` or `tesseract`. Raises EnvironmentFault where it is not installed."""
    return _Tesseract() if name == "tesseract" else _Rapid()


class _Rapid:
    """PP-OCR by RapidOCR, whose models come in its wheel; one thread, so that workers do not fight for cores."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR  # noqa: PLC0415 - half a second that text files need not pay

        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        parameters = {
            "Global.log_level": "critical",
            "Global.text_score": 0.3,
            "Global.max_side_len": 1600,
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 1,
            "Rec.rec_img_shape": [3, _HEIGHT, 2 * _HEIGHT],
        }
        self._engine: Any = RapidOCR(params=parameters)

    def read_lines(self, crops: Sequence[Grey]) -> list[tuple[str, float]]:
        """Read crops; equal ones are read once: in a clean table most cells are the same 0."""
        keys = [(crop.shape, crop.tobytes()) for crop in crops]
        distinct = {key: crop for key, crop in zip(keys, crops, strict=True) if crop.size}
        if not distinct:
            return [("", 0.0)] * len(crops)
        images = [cv2.cvtColor(scaled(crop), cv2.COLOR_GRAY2BGR) for crop in distinct.values()]
        result = self._engine.recognize_txt(images)
        texts = result.txts or ("",) * len(images)
        scores = result.scores or (0.0,) * len(images)
        read = dict(zip(distinct, zip(texts, scores, strict=True), strict=True))
        return [(str(t), float(s)) for t, s in (read.get(key, ("", 0.0)) for key in keys)]

    def find_text(self, grey: Grey) -> list[Line]:
        """Find and read the lines of a picture."""
        result = self._engine(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
        if result.boxes is None or result.txts is None:
            return []
        return [
            Line(str(text), float(score), _bounds(np.asarray(box)))
            for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
        ]


def scaled(crop: Grey) -> Grey:
    """Scale a crop to the height that the recogniser knows."""
    h, w = crop.shape
    factor = _HEIGHT / h
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(crop, (max(8, round(w * factor)), _HEIGHT), interpolation=how), np.uint8)


def _bounds(box: NDArray[np.float64]) -> tuple[float, float, float, float]:
    return float(box[:, 0].min()), float(box[:, 1].min()), float(box[:, 0].max()), float(box[:, 1].max())


class _Tesseract:
    """Tesseract, a system program, with simplified Chinese."""

    def __init__(self) -> None:
        import pytesseract  # noqa: PLC0415 - only with --ocr tesseract

        self._tesseract: Any = pytesseract
        try:
            languages = pytesseract.get_languages()
        except pytesseract.TesseractNotFoundError as error:
            raise EnvironmentFault("Tesseract is not installed; see `extract doctor`") from error
        if "chi_sim" not in languages:
            raise EnvironmentFault("Tesseract lacks the language chi_sim; see `extract doctor`")

    def read_lines(self, crops: Sequence[Grey]) -> list[tuple[str, float]]:
        """Read crops one by one, equal ones once."""
        read: dict[bytes, tuple[str, float]] = {}
        result = []
        for crop in crops:
            key = bytes(str(crop.shape), "ascii") + crop.tobytes()
            if key not in read:
                read[key] = self._line(crop) if crop.size else ("", 0.0)
            result.append(read[key])
        return result

    def _line(self, crop: Grey) -> tuple[str, float]:
        image = cv2.copyMakeBorder(scaled(crop), 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=(255.0,))
        words = self._words(image, "--psm 7")
        return "".join(w for w, _, _ in words), min((s for _, s, _ in words), default=0.0)

    def find_text(self, grey: Grey) -> list[Line]:
        """Find and read the words of a picture, put together to lines."""
        lines: dict[tuple[int, int, int], list[tuple[str, float, tuple[float, float, float, float]]]] = {}
        data = self._tesseract.image_to_data(grey, lang="chi_sim", config="--psm 3", output_type="dict")
        for i, text in enumerate(data["text"]):
            if text.strip():
                key = data["block_num"][i], data["par_num"][i], data["line_num"][i]
                x, y, w, h = (float(data[n][i]) for n in ("left", "top", "width", "height"))
                lines.setdefault(key, []).append((text, float(data["conf"][i]) / 100, (x, y, x + w, y + h)))
        return [_joined(words) for words in lines.values()]

    def _words(self, image: Grey, config: str) -> list[tuple[str, float, int]]:
        data = self._tesseract.image_to_data(image, lang="chi_sim", config=config, output_type="dict")
        return [
            (text, max(float(data["conf"][i]), 0.0) / 100, i)
            for i, text in enumerate(data["text"])
            if text.strip()
        ]


def _joined(words: list[tuple[str, float, tuple[float, float, float, float]]]) -> Line:
    xs0, ys0, xs1, ys1 = zip(*(box for _, _, box in words), strict=True)
    box = min(xs0), min(ys0), max(xs1), max(ys1)
    return Line("".join(text for text, _, _ in words), min(score for _, score, _ in words), box)
