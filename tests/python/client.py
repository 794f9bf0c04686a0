"""A client made by someone else's tool, against a running server.

Everything here comes from the published proto files by way of grpcio-tools;
nothing is shared with the server but those files. It appends, reads, follows,
and takes the structured errors apart, and fails loudly when an answer is not
what the proto files promise. Run it by hand:

    python3 -m venv /tmp/minutebook-python
    /tmp/minutebook-python/bin/pip install grpcio-tools googleapis-common-protos \
        grpcio-status grpcio-reflection grpcio-health-checking
    cargo run --release -- serve --data /tmp/minutebook-python-data &
    /tmp/minutebook-python/bin/python tests/python/client.py http://127.0.0.1:7878
"""

import pathlib
import subprocess
import sys
import tempfile
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]


def generate(into):
    """Generates the client from proto/ with protoc, as any user would."""
    files = [str(p.relative_to(ROOT / "proto")) for p in (ROOT / "proto/minutebook").rglob("*.proto")]
    subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}",
         f"--python_out={into}", f"--grpc_python_out={into}", *files],
        check=True,
    )
    sys.path.insert(0, into)


def main(address):
    generate(tempfile.mkdtemp(prefix="minutebook-python-"))

    import grpc
    from google.rpc import error_details_pb2
    from google.type import date_pb2
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
        ProtoReflectionDescriptorDatabase,
    )
    from grpc_status import rpc_status
    from minutebook.v1 import (
        audit_service_pb2, audit_service_pb2_grpc, event_pb2, record_service_pb2,
        record_service_pb2_grpc, register_service_pb2, register_service_pb2_grpc,
    )

    channel = grpc.insecure_channel(address.removeprefix("http://"))
    record = record_service_pb2_grpc.RecordServiceStub(channel)
    register = register_service_pb2_grpc.RegisterServiceStub(channel)
    audit = audit_service_pb2_grpc.AuditServiceStub(channel)
    run = uuid.uuid4().hex[:8]
    body, subject = f"python-{run}", f"bodies/python-{run}"

    def append(*events, request_id=None, **more):
        return record.Append(record_service_pb2.AppendRequest(
            request_id=request_id or str(uuid.uuid4()), recorded_by="Python client",
            events=events, **more))

    def refused(code, *events, **more):
        try:
            append(*events, **more)
        except grpc.RpcError as error:
            assert error.code() == code, f"{error.code()}: {error.details()}"
            details = {}
            for packed in rpc_status.from_call(error).details:
                for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest,
                             error_details_pb2.PreconditionFailure):
                    if packed.Is(kind.DESCRIPTOR):
                        details[kind.__name__] = kind()
                        packed.Unpack(details[kind.__name__])
            return error.details(), details
        raise AssertionError("this should have been refused")

    registered = event_pb2.Event(
        subject=subject, effective_on=date_pb2.Date(year=2013, month=4),
        body_registered=event_pb2.BodyRegistered(name="Python Council", kind=event_pb2.BODY_KIND_COUNCIL))

    # It appends, once however often it asks.
    request_id = str(uuid.uuid4())
    first = append(registered, request_id=request_id)
    again = append(registered, request_id=request_id)
    assert not first.already_recorded and again.already_recorded
    assert first.receipts == again.receipts and first.receipts[0].revision == 1
    print(f"appended at position {first.receipts[0].position}")

    # It reads its own write, as at before and after.
    view = register.GetBody(register_service_pb2.GetBodyRequest(
        body_id=body, as_of={"at_least_position": first.receipts[0].position}))
    assert view.body.summary.body.name == "Python Council"
    assert view.body.summary.registered_on == date_pb2.Date(year=2013, month=4), "printed as given"
    try:
        register.GetBody(register_service_pb2.GetBodyRequest(
            body_id=body, as_of={"as_at": date_pb2.Date(year=2013, month=3, day=31)}))
        raise AssertionError("it was not in being the day before")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND, error
    print(f"read back: {view.body.summary.body.name}, answered from position {view.answered_from.position}")

    # It reads the history, and follows it.
    history = list(audit.ReadHistory(audit_service_pb2.ReadHistoryRequest(
        filter={"subjects": [subject]})))
    assert [h.entry.event for h in history] == [registered]
    following = audit.Subscribe(audit_service_pb2.SubscribeRequest(
        filter={"subjects": [subject]}, after_position=first.receipts[0].position))
    assert next(following).WhichOneof("message") == "caught_up_to_position"
    alias = event_pb2.Event(subject=subject, alias_added=event_pb2.AliasAdded(alias="Py"))
    second = append(alias)
    seen = next(m for m in following if m.WhichOneof("message") == "entry")
    assert seen.entry.entry.position == second.receipts[0].position
    following.cancel()
    print("followed the log to an entry as it was recorded")

    # It is told what is wrong: fields, rules, stale revisions, used request ids.
    message, details = refused(
        grpc.StatusCode.INVALID_ARGUMENT,
        event_pb2.Event(subject="bodies/NOT AN ID", body_registered=event_pb2.BodyRegistered(name="")))
    fields = [v.field for v in details["BadRequest"].field_violations]
    assert "events[0].subject" in fields and "events[0].body_registered.name" in fields, fields
    print(f"bad fields: {', '.join(fields)}")

    collaboration = f"collaborations/python-{run}"
    message, details = refused(
        grpc.StatusCode.FAILED_PRECONDITION,
        event_pb2.Event(subject=collaboration, effective_on=date_pb2.Date(year=2014),
                        collaboration_established=event_pb2.CollaborationEstablished(
                            name="Python", kind=event_pb2.COLLABORATION_KIND_ALLIANCE,
                            party_ids=[body, f"nobody-{run}"])),
        event_pb2.Event(subject=collaboration, effective_on=date_pb2.Date(year=2014),
                        lead_appointed=event_pb2.LeadAppointed(body_id=f"noone-{run}")))
    info, faults = details["ErrorInfo"], details["PreconditionFailure"].violations
    assert info.reason == "UNKNOWN_BODY" and info.domain == "minutebook.v1", info
    assert info.metadata["body"] == f"nobody-{run}" and info.metadata["rule"] == "1", info
    assert [f.type for f in faults] == ["UNKNOWN_BODY", "UNKNOWN_BODY"], faults
    print(f"refused: {info.reason} {dict(info.metadata)}")
    print(f"         {message}")

    _, details = refused(
        grpc.StatusCode.ABORTED, alias,
        expected_revisions=[record_service_pb2.ExpectedRevision(subject=subject, revision=1)])
    assert details["ErrorInfo"].reason == "STALE_REVISION", details
    _, details = refused(grpc.StatusCode.ALREADY_EXISTS, alias, request_id=request_id)
    assert details["ErrorInfo"].reason == "REQUEST_ID_REUSED", details
    judged = append(event_pb2.Event(subject=subject, alias_added=event_pb2.AliasAdded(alias="Pi")), validate_only=True)
    assert judged.validated_only and judged.receipts[0].position == 0
    print("stale revisions, used request ids and dry runs are told apart")

    # What generic tools rely on.
    services = ProtoReflectionDescriptorDatabase(channel).get_services()
    assert {"minutebook.v1.RecordService", "minutebook.v1.RegisterService",
            "minutebook.v1.AuditService"} <= set(services), services
    health = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
    assert health.status == health_pb2.HealthCheckResponse.SERVING
    print("reflection and health answer")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7878")
