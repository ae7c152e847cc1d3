"""The quality of a plan (PLAN-4): computed, with the evidence of every finding."""

from services.plans.domain.quality.report import CriterionResult, Quality, judge, quality_of

__all__ = ["CriterionResult", "Quality", "judge", "quality_of"]
