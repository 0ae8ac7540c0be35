"""Publier: which module draws which step."""

from __future__ import annotations

from ui import (
    publish_check,
    publish_decide,
    publish_deposit,
    publish_recognise,
    publish_review,
    publish_send,
)

DEPOSIT = publish_deposit.draw
STEPS = {
    1: publish_deposit.step,
    2: publish_review.step,
    3: publish_recognise.step,
    4: publish_check.step,
    5: publish_decide.step,
    6: publish_send.step,
}
