"""what is held is told: an inventory from before is told once, by a timer."""

from __future__ import annotations

from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

TELL_ONCE = (
    "INSERT INTO timer (key, due_at, command, payload, correlation_id, scheduled_at)"
    " SELECT 'resource.tell', now(), 'resource.tell', jsonb_build_object('after', ''),"
    " 'cor_inventory_from_before', now()"
    " WHERE EXISTS (SELECT FROM resource)"
)


def upgrade() -> None:
    op.execute(TELL_ONCE)


def downgrade() -> None:
    op.execute("DELETE FROM timer WHERE command = 'resource.tell'")
