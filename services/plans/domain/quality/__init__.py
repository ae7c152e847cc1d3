"""The quality of a plan (PLAN-4): computed, with the evidence of every finding."""

from services.plans.domain.quality.report import CriterionResult, Quality, quality_of

__all__ = ["CriterionResult", "Quality", "quality_of"]
