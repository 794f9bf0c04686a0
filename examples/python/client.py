"""A client in Python: it records, reads, follows the log, and reads errors.

    cargo run -- serve --data target/example      # in a terminal of its own
    python3 -m venv target/python && target/python/bin/pip install -r examples/python/requirements.txt
    target/python/bin/python examples/python/client.py http://127.0.0.1:7878

It shares nothing with the server but the files in proto/, from which it generates
its client. It ends with exit code 0 if every answer was as published, else with 1.
"""

import pathlib
import subprocess
import sys
import tempfile
import time
import uuid

# A project would generate its client once, when it is built. The example does so
# at each start, into a folder that is removed when it ends.
PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
GENERATED = tempfile.TemporaryDirectory(prefix="minutebook-python-")
subprocess.run(
    [sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}",
     f"--python_out={GENERATED.name}", f"--grpc_python_out={GENERATED.name}",
     *(str(path.relative_to(PROTO)) for path in PROTO.glob("minutebook/v1/*.proto"))],
    check=True,
)
sys.path.insert(0, GENERATED.name)

import grpc
from google.rpc import error_details_pb2
from google.type.date_pb2 import Date
from grpc_status import rpc_status
from minutebook.v1.audit_service_pb2 import ReadHistoryRequest, SubscribeRequest
from minutebook.v1.audit_service_pb2_grpc import AuditServiceStub
from minutebook.v1.event_pb2 import (
    BODY_KIND_COUNCIL, COLLABORATION_KIND_ALLIANCE, AliasAdded, BodyRegistered,
    CollaborationEstablished, Event, LeadAppointed,
)
from minutebook.v1.record_service_pb2 import AppendRequest, ExpectedRevision
from minutebook.v1.record_service_pb2_grpc import RecordServiceStub
from minutebook.v1.register_service_pb2 import GetBodyRequest
from minutebook.v1.register_service_pb2_grpc import RegisterServiceStub


def main(url):
    channel = grpc.insecure_channel(url.removeprefix("http://"))
    # The recorder chooses the ids. This one is new in every run.
    body_id = f"python-{uuid.uuid4().hex[:8]}"
    request_id, position = append(channel, body_id)
    read(channel, body_id, position)
    follow(channel, body_id, position)
    errors(channel, body_id, request_id)


def append(channel, body_id):
    """Registers a body, and shows that a repeated request is recorded once."""
    request = new_request(Event(
        subject=f"bodies/{body_id}",
        effective_on=Date(year=2013, month=4),  # A date may be partial.
        body_registered=BodyRegistered(name="Example Council", kind=BODY_KIND_COUNCIL),
    ))
    first = send(channel, request)
    position = first.receipts[0].position
    print(f"Recorded at position {position}.")

    # The same request id and the same events: the same receipt, nothing new.
    again = send(channel, request)
    assert not first.already_recorded and again.already_recorded
    assert again.receipts == first.receipts
    print(f"Sent again: already recorded at position {position}.")
    return request.request_id, position


def read(channel, body_id, position):
    """Reads the body on two days, and its history."""
    register = RegisterServiceStub(channel)
    # `at_least_position` waits until the register has applied our own entry.
    answer = register.GetBody(GetBodyRequest(
        body_id=body_id, as_of={"at_least_position": position}))
    summary = answer.body.summary
    assert summary.body.name == "Example Council"
    assert summary.registered_on == Date(year=2013, month=4), "a partial date stays partial"
    print(f"Read back: {summary.body.name}.")

    try:
        register.GetBody(GetBodyRequest(
            body_id=body_id, as_of={"as_at": Date(year=2013, month=3, day=31)}))
        raise AssertionError("there was no such body the day before")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND, error
        print(f"As at 31 March 2013: {error.details()}")

    history = AuditServiceStub(channel).ReadHistory(ReadHistoryRequest(
        filter={"subjects": [f"bodies/{body_id}"]}))
    assert [item.entry.position for item in history] == [position]


def follow(channel, body_id, position):
    """Follows the log from a position, and receives an entry when it is recorded."""
    # To resume after an interruption, keep the position of the last entry that you
    # processed.
    stream = AuditServiceStub(channel).Subscribe(SubscribeRequest(
        filter={"subjects": [f"bodies/{body_id}"]}, after_position=position))
    recorded = None
    for message in stream:
        kind = message.WhichOneof("message")
        if kind == "caught_up_to_position" and recorded is None:
            print(f"Following: caught up to position {message.caught_up_to_position}.")
            response = send(channel, new_request(alias(body_id, "Example")))
            recorded = response.receipts[0].position
        elif kind == "entry":
            assert message.entry.entry.position == recorded
            print(f"Following: entry {recorded} came in.")
            break
    else:
        raise AssertionError("the stream ended early")
    stream.cancel()


def errors(channel, body_id, used_request_id):
    """Makes each kind of mistake and reads the error details."""
    # Unreadable fields: BadRequest names each of them.
    code, details = refused(channel, new_request(
        Event(subject="bodies/NOT AN ID", body_registered=BodyRegistered(name=""))))
    fields = [violation.field for violation in details["BadRequest"].field_violations]
    assert code == grpc.StatusCode.INVALID_ARGUMENT
    assert "events[0].subject" in fields and "events[0].body_registered.name" in fields

    # Broken rules: ErrorInfo carries the first reason and its facts, PreconditionFailure
    # a violation for each.
    code, details = refused(channel, new_request(
        Event(subject=f"collaborations/{body_id}", effective_on=Date(year=2014),
              collaboration_established=CollaborationEstablished(
                  name="Example Alliance", kind=COLLABORATION_KIND_ALLIANCE,
                  party_ids=[body_id, f"{body_id}-unknown"])),
        Event(subject=f"collaborations/{body_id}", effective_on=Date(year=2014),
              lead_appointed=LeadAppointed(body_id=f"{body_id}-also-unknown"))))
    info = details["ErrorInfo"]
    rules = [violation.type for violation in details["PreconditionFailure"].violations]
    assert code == grpc.StatusCode.FAILED_PRECONDITION
    assert info.domain == "minutebook.v1" and info.reason == "UNKNOWN_BODY"
    assert info.metadata["body"] == f"{body_id}-unknown" and info.metadata["rule"] == "1"
    assert rules == ["UNKNOWN_BODY", "UNKNOWN_BODY"]

    # Another recorder was first: read again, then decide again.
    code, details = refused(channel, new_request(
        alias(body_id, "Late"),
        expected_revisions=[ExpectedRevision(subject=f"bodies/{body_id}", revision=1)]))
    assert code == grpc.StatusCode.ABORTED
    assert details["ErrorInfo"].reason == "STALE_REVISION"

    # A request id belongs to one request.
    code, details = refused(channel, new_request(
        alias(body_id, "Other"), request_id=used_request_id))
    assert code == grpc.StatusCode.ALREADY_EXISTS
    assert details["ErrorInfo"].reason == "REQUEST_ID_REUSED"

    # To validate a request without recording it, set validate_only.
    judged = send(channel, new_request(alias(body_id, "Pi"), validate_only=True))
    assert judged.validated_only and judged.receipts[0].position == 0
    print("Judged only: it would be recorded.")


def new_request(*events, request_id=None, **fields):
    return AppendRequest(
        request_id=request_id or str(uuid.uuid4()), recorded_by="Python example",
        events=events, **fields)


def alias(body_id, name):
    return Event(subject=f"bodies/{body_id}", alias_added=AliasAdded(alias=name))


def send(channel, request):
    """Appends. If the outcome is unknown or the server is unavailable, sends the
    same request again: the request id ensures that it is recorded once."""
    for _ in range(4):
        try:
            return RecordServiceStub(channel).Append(request)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            time.sleep(0.5)
    return RecordServiceStub(channel).Append(request)


def refused(channel, request):
    """Sends a request that must be refused, and prints every part of the refusal."""
    try:
        send(channel, request)
    except grpc.RpcError as error:
        print(f"Refused, {error.code().name}: {error.details()}")
        details = {}
        for packed in rpc_status.from_call(error).details:
            kind = packed.TypeName().removeprefix("google.rpc.")
            details[kind] = getattr(error_details_pb2, kind)()
            packed.Unpack(details[kind])
        if "ErrorInfo" in details:
            info = details["ErrorInfo"]
            print(f"  reason {info.reason} ({info.domain}):")
            for name, value in sorted(info.metadata.items()):
                print(f"    {name}: {value}")
        if "BadRequest" in details:
            for violation in details["BadRequest"].field_violations:
                print(f"  field {violation.field}: {violation.description}")
        if "PreconditionFailure" in details:
            for violation in details["PreconditionFailure"].violations:
                print(f"  rule {violation.type}: {violation.description}")
        return error.code(), details
    raise AssertionError("this should have been refused")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7878")
