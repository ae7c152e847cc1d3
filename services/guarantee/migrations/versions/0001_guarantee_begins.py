"""guarantee begins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")  # bookings exclude one another
    op.create_table('activation',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('incident_id', sa.Text(), nullable=True),
    sa.Column('causes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activation')),
    info={'documents': True}
    )
    op.create_index('ix_activation_causes', 'activation', ['causes'], unique=False, postgresql_using='gin')
    op.create_index('ix_activation_incident', 'activation', ['incident_id'], unique=False)
    op.create_table('allocation',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('pool', sa.Text(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('solved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation')),
    info={'documents': True}
    )
    op.create_index('ix_allocation_solved', 'allocation', ['pool', 'mode', 'solved_at'], unique=False)
    op.create_table('attempt',
    sa.Column('consumer', sa.Text(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('stream_seq', sa.BigInteger(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('attempted_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('consumer', 'stream', 'stream_seq', name=op.f('pk_attempt'))
    )
    op.create_table('booking',
    sa.Column('dispatch_id', sa.Text(), nullable=False),
    sa.Column('resource_id', sa.Text(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('during', postgresql.TSTZRANGE(), nullable=False),
    sa.Column('quantity', sa.Float(), nullable=False),
    sa.Column('is_whole', sa.Boolean(), nullable=False),
    postgresql.ExcludeConstraint((sa.text('resource_id'), '='), (sa.text('mode'), '='), (sa.text('during'), '&&'), where=sa.text('is_whole AND NOT isempty(during)'), using='gist', name='ex_booking_once'),
    sa.PrimaryKeyConstraint('dispatch_id', name=op.f('pk_booking'))
    )
    op.create_index('ix_booking_open', 'booking', ['resource_id', 'mode'], unique=False, postgresql_where=sa.text('upper_inf(during)'))
    op.create_table('dispatch',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('requirement_id', sa.Text(), nullable=False),
    sa.Column('activation_id', sa.Text(), nullable=False),
    sa.Column('incident_id', sa.Text(), nullable=True),
    sa.Column('resource_id', sa.Text(), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dispatch')),
    info={'documents': True}
    )
    op.create_index('ix_dispatch_activation', 'dispatch', ['activation_id'], unique=False)
    op.create_index('ix_dispatch_incident', 'dispatch', ['incident_id'], unique=False)
    op.create_index('ix_dispatch_ordered', 'dispatch', ['ordered_at', 'id'], unique=False)
    op.create_index('ix_dispatch_requirement', 'dispatch', ['requirement_id'], unique=False)
    op.create_table('idempotency',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('caller', sa.Text(), nullable=False),
    sa.Column('request_hash', sa.Text(), nullable=False),
    sa.Column('status', sa.SmallInteger(), nullable=True),
    sa.Column('answer', sa.LargeBinary(), nullable=True),
    sa.Column('correlation_id', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('key', 'caller', name=op.f('pk_idempotency'))
    )
    op.create_index('ix_idempotency_recorded_at', 'idempotency', ['recorded_at'], unique=False)
    op.create_table('inbox',
    sa.Column('consumer', sa.Text(), nullable=False),
    sa.Column('event_id', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('aggregate', sa.Text(), nullable=False),
    sa.Column('aggregate_id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('stream_seq', sa.BigInteger(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('consumer', 'event_id', name=op.f('pk_inbox')),
    sa.UniqueConstraint('position', name=op.f('uq_inbox_position'))
    )
    op.create_index('ix_inbox_stream_seq', 'inbox', ['consumer', 'stream', 'stream_seq'], unique=False)
    op.create_table('incident',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
    info={'documents': True}
    )
    op.create_table('jurisdiction',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('parent', sa.Text(), nullable=True),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jurisdiction')),
    info={'documents': True}
    )
    op.create_table('organization',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('jurisdiction', sa.Text(), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organization')),
    info={'documents': True}
    )
    op.create_table('outbox',
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('event_id', sa.Text(), nullable=False),
    sa.Column('aggregate', sa.Text(), nullable=False),
    sa.Column('aggregate_id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('previous', sa.BigInteger(), nullable=False),
    sa.Column('major', sa.SmallInteger(), nullable=False),
    sa.Column('state', sa.Boolean(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('payload', sa.LargeBinary(), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stream_seq', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_outbox')),
    sa.UniqueConstraint('aggregate', 'aggregate_id', 'version', 'major', name=op.f('uq_outbox_aggregate_aggregate_id_version_major')),
    sa.UniqueConstraint('event_id', name=op.f('uq_outbox_event_id'))
    )
    op.create_index('ix_outbox_recorded_at', 'outbox', ['recorded_at'], unique=False)
    op.create_index('ix_outbox_stream_seq', 'outbox', ['stream', 'stream_seq'], unique=False)
    op.create_index('ix_outbox_unsent', 'outbox', ['seq'], unique=False, postgresql_where=sa.text('sent_at IS NULL'))
    op.create_table('outbox_epoch',
    sa.Column('epoch', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('epoch', name=op.f('pk_outbox_epoch'))
    )
    op.create_table('outbox_head',
    sa.Column('aggregate', sa.Text(), nullable=False),
    sa.Column('aggregate_id', sa.Text(), nullable=False),
    sa.Column('previous', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('aggregate', 'aggregate_id', name=op.f('pk_outbox_head'))
    )
    op.create_table('outbox_refusal',
    sa.Column('id', sa.SmallInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('event_id', sa.Text(), nullable=False),
    sa.Column('detected_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_outbox_refusal_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_refusal'))
    )
    op.create_table('outbox_stream',
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('forgotten_until', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.PrimaryKeyConstraint('stream', name=op.f('pk_outbox_stream'))
    )
    op.create_table('parked',
    sa.Column('consumer', sa.Text(), nullable=False),
    sa.Column('event_id', sa.Text(), nullable=False),
    sa.Column('aggregate', sa.Text(), nullable=False),
    sa.Column('aggregate_id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('previous', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('payload', sa.LargeBinary(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('stream_seq', sa.BigInteger(), nullable=False),
    sa.Column('parked_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('consumer', 'event_id', name=op.f('pk_parked'))
    )
    op.create_index('ix_parked_aggregate', 'parked', ['consumer', 'aggregate', 'aggregate_id', 'version'], unique=False)
    op.create_table('provision',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provision')),
    info={'documents': True}
    )
    op.create_table('quarantine',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('consumer', sa.Text(), nullable=False),
    sa.Column('event_id', sa.Text(), nullable=True),
    sa.Column('aggregate', sa.Text(), nullable=True),
    sa.Column('aggregate_id', sa.Text(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=True),
    sa.Column('previous', sa.BigInteger(), nullable=True),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('payload', sa.LargeBinary(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('stream_seq', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('quarantined_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolution', sa.Text(), nullable=True),
    sa.Column('resolution_reason', sa.Text(), nullable=True),
    sa.Column('resolved_by', sa.Text(), nullable=True),
    sa.CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL) AND (resolution IS NULL OR resolution IN ('REPLAYED', 'DISCARDED'))", name=op.f('ck_quarantine_resolution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantine'))
    )
    op.create_index('ix_quarantine_open', 'quarantine', ['consumer', 'aggregate', 'aggregate_id'], unique=False, postgresql_where=sa.text('resolved_at IS NULL'))
    op.create_index('uq_quarantine_open_message', 'quarantine', ['consumer', 'stream', 'stream_seq'], unique=True, postgresql_where=sa.text('resolved_at IS NULL'))
    op.create_table('requirement',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('pool', sa.Text(), nullable=False),
    sa.Column('activation_id', sa.Text(), nullable=False),
    sa.Column('incident_id', sa.Text(), nullable=True),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement')),
    info={'documents': True}
    )
    op.create_index('ix_requirement_activation', 'requirement', ['activation_id'], unique=False)
    op.create_index('ix_requirement_incident', 'requirement', ['incident_id'], unique=False)
    op.create_index('ix_requirement_open', 'requirement', ['pool', 'mode', 'status'], unique=False)
    op.create_table('resource',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('jurisdiction', sa.Text(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('readiness', sa.Text(), nullable=False),
    sa.Column('capabilities', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource')),
    info={'documents': True}
    )
    op.create_index('ix_resource_capabilities', 'resource', ['capabilities'], unique=False, postgresql_using='gin')
    op.create_index('ix_resource_jurisdiction', 'resource', ['jurisdiction'], unique=False)
    op.create_table('signal',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('jurisdiction', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal')),
    info={'documents': True}
    )
    op.create_index('ix_signal_active', 'signal', ['mode', 'jurisdiction'], unique=False, postgresql_where=sa.text("status = 'ACTIVE'"))
    op.create_index('ix_signal_received', 'signal', ['received_at', 'id'], unique=False)
    op.create_table('signal_message',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('references', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('original', sa.LargeBinary(), nullable=True),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal_message')),
    info={'documents': True}
    )
    op.create_index('ix_signal_message_references', 'signal_message', ['references'], unique=False, postgresql_using='gin')
    op.create_table('stamp',
    sa.Column('id', sa.SmallInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('deployment', sa.Text(), nullable=False),
    sa.Column('rehearsal_now', sa.DateTime(timezone=True), nullable=True),
    sa.Column('born_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("deployment IN ('production', 'rehearsal')", name=op.f('ck_stamp_deployment')),
    sa.CheckConstraint("rehearsal_now IS NULL OR deployment = 'rehearsal'", name=op.f('ck_stamp_clock_only_in_rehearsal')),
    sa.CheckConstraint('id = 1', name=op.f('ck_stamp_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stamp'))
    )
    op.create_table('timer',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('command', sa.Text(), nullable=False),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('correlation_id', sa.Text(), nullable=False),
    sa.Column('cause_id', sa.Text(), nullable=True),
    sa.Column('scheduled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_timer')),
    sa.UniqueConstraint('seq', name=op.f('uq_timer_seq'))
    )
    op.create_index('ix_timer_due', 'timer', ['due_at', 'seq'], unique=False)
    op.create_table('warning',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('jurisdiction', sa.Text(), nullable=False),
    sa.Column('signal_id', sa.Text(), nullable=True),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('doc', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_warning')),
    info={'documents': True}
    )
    op.create_index('ix_warning_active', 'warning', ['mode', 'jurisdiction'], unique=False, postgresql_where=sa.text("status = 'ACTIVE'"))
    op.create_index('ix_warning_drafted', 'warning', ['drafted_at', 'id'], unique=False)
    op.create_index('ix_warning_signal', 'warning', ['signal_id'], unique=False)
    op.create_table('watermark',
    sa.Column('consumer', sa.Text(), nullable=False),
    sa.Column('aggregate', sa.Text(), nullable=False),
    sa.Column('aggregate_id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('consumer', 'aggregate', 'aggregate_id', name=op.f('pk_watermark'))
    )


def downgrade() -> None:
    op.drop_table('watermark')
    op.drop_index('ix_warning_signal', table_name='warning')
    op.drop_index('ix_warning_drafted', table_name='warning')
    op.drop_index('ix_warning_active', table_name='warning', postgresql_where=sa.text("status = 'ACTIVE'"))
    op.drop_table('warning')
    op.drop_index('ix_timer_due', table_name='timer')
    op.drop_table('timer')
    op.drop_table('stamp')
    op.drop_index('ix_signal_message_references', table_name='signal_message', postgresql_using='gin')
    op.drop_table('signal_message')
    op.drop_index('ix_signal_received', table_name='signal')
    op.drop_index('ix_signal_active', table_name='signal', postgresql_where=sa.text("status = 'ACTIVE'"))
    op.drop_table('signal')
    op.drop_index('ix_resource_jurisdiction', table_name='resource')
    op.drop_index('ix_resource_capabilities', table_name='resource', postgresql_using='gin')
    op.drop_table('resource')
    op.drop_index('ix_requirement_open', table_name='requirement')
    op.drop_index('ix_requirement_incident', table_name='requirement')
    op.drop_index('ix_requirement_activation', table_name='requirement')
    op.drop_table('requirement')
    op.drop_index('uq_quarantine_open_message', table_name='quarantine', postgresql_where=sa.text('resolved_at IS NULL'))
    op.drop_index('ix_quarantine_open', table_name='quarantine', postgresql_where=sa.text('resolved_at IS NULL'))
    op.drop_table('quarantine')
    op.drop_table('provision')
    op.drop_index('ix_parked_aggregate', table_name='parked')
    op.drop_table('parked')
    op.drop_table('outbox_stream')
    op.drop_table('outbox_refusal')
    op.drop_table('outbox_head')
    op.drop_table('outbox_epoch')
    op.drop_index('ix_outbox_unsent', table_name='outbox', postgresql_where=sa.text('sent_at IS NULL'))
    op.drop_index('ix_outbox_stream_seq', table_name='outbox')
    op.drop_index('ix_outbox_recorded_at', table_name='outbox')
    op.drop_table('outbox')
    op.drop_table('organization')
    op.drop_table('jurisdiction')
    op.drop_table('incident')
    op.drop_index('ix_inbox_stream_seq', table_name='inbox')
    op.drop_table('inbox')
    op.drop_index('ix_idempotency_recorded_at', table_name='idempotency')
    op.drop_table('idempotency')
    op.drop_index('ix_dispatch_requirement', table_name='dispatch')
    op.drop_index('ix_dispatch_ordered', table_name='dispatch')
    op.drop_index('ix_dispatch_incident', table_name='dispatch')
    op.drop_index('ix_dispatch_activation', table_name='dispatch')
    op.drop_table('dispatch')
    op.drop_index('ix_booking_open', table_name='booking', postgresql_where=sa.text('upper_inf(during)'))
    op.drop_table('booking')
    op.drop_table('attempt')
    op.drop_index('ix_allocation_solved', table_name='allocation')
    op.drop_table('allocation')
    op.drop_index('ix_activation_incident', table_name='activation')
    op.drop_index('ix_activation_causes', table_name='activation', postgresql_using='gin')
    op.drop_table('activation')
