"""Values that request bodies and addresses share."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, StringConstraints

from vocabulary import parse_code

_CODE = r"^\d{6}(\d{3}(\d{3})?)?$"


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Identity = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
Code = Annotated[str, StringConstraints(pattern=_CODE), AfterValidator(parse_code)]
Instant = Annotated[AwareDatetime, AfterValidator(_utc)]

PlanId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]
PlanVersion = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
Division = Annotated[str | None, Query(pattern=_CODE)]
