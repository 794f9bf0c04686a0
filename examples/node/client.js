// A client in Node: it records, reads, follows the log, and reads errors.
//
//     cargo run -- serve --data target/example      # in a terminal of its own
//     npm install --prefix examples/node
//     node examples/node/client.js http://127.0.0.1:7878
//
// It reads proto/ as it is; nothing is generated. It ends with exit code 0 if every
// answer was as published, else with 1.
'use strict';

const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { promisify } = require('node:util');

const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const definition = protoLoader.loadSync(
  ['record', 'register', 'audit'].map((name) => `minutebook/v1/${name}_service.proto`),
  {
    includeDirs: [path.join(__dirname, '../../proto')],
    // Names as in proto/, enum values by name, the set member of a oneof named.
    keepCase: true,
    enums: String,
    oneofs: true,
    defaults: true,
    // Positions are 64 bits wide: exact as strings, not as numbers.
    longs: String,
  },
);
const { RecordService, RegisterService, AuditService } =
  grpc.loadPackageDefinition(definition).minutebook.v1;
const details = protobuf.loadSync(path.join(__dirname, 'error_details.proto'));

async function main(url) {
  const address = url.replace(/^http:\/\//, '');
  const credentials = grpc.credentials.createInsecure();
  const clients = {
    record: new RecordService(address, credentials),
    register: new RegisterService(address, credentials),
    audit: new AuditService(address, credentials),
  };
  // The recorder chooses the ids. This one is new in every run.
  const id = `node-${randomUUID().slice(0, 8)}`;
  const position = await append(clients, id);
  await read(clients, id, position);
  await follow(clients, id, position);
  await errors(clients, id);
  Object.values(clients).forEach((client) => client.close());
}

// Registers a body, and shows that a repeated request is recorded once.
async function append(clients, id) {
  const request = newRequest({
    subject: `bodies/${id}`,
    effective_on: { year: 2013, month: 4 }, // A date may be partial.
    body_registered: { name: 'Example Council', kind: 'BODY_KIND_COUNCIL' },
  });
  const first = await send(clients, request);
  const { position } = first.receipts[0];
  console.log(`Recorded at position ${position}.`);

  // The same request id and the same events: the same receipt, nothing new.
  const again = await send(clients, request);
  assert.equal(first.already_recorded, false);
  assert.equal(again.already_recorded, true);
  assert.deepEqual(again.receipts, first.receipts);
  console.log(`Sent again: already recorded at position ${position}.`);
  return position;
}

// Reads the body, on two days.
async function read(clients, id, position) {
  const getBody = promisify(clients.register.GetBody.bind(clients.register));
  // `at_least_position` waits until the register has applied our own entry.
  const today = await getBody({ body_id: id, as_of: { at_least_position: position } });
  assert.equal(today.body.summary.body.name, 'Example Council');
  console.log(`Read back: ${today.body.summary.body.name}.`);

  const theDayBefore = { as_at: { year: 2013, month: 3, day: 31 } };
  await assert.rejects(getBody({ body_id: id, as_of: theDayBefore }), (error) => {
    assert.equal(error.code, grpc.status.NOT_FOUND);
    console.log(`As at 31 March 2013: ${error.details}`);
    return true;
  });
}

// Follows the log from a position, and receives an entry when it is recorded.
async function follow(clients, id, position) {
  // To resume after an interruption, keep the position of the last entry that you
  // processed.
  const stream = clients.audit.Subscribe({
    filter: { subjects: [`bodies/${id}`] },
    after_position: position,
  });
  let recorded;
  for await (const message of stream) {
    if (message.message === 'caught_up_to_position' && recorded === undefined) {
      console.log(`Following: caught up to position ${message.caught_up_to_position}.`);
      recorded = (await send(clients, newRequest(alias(id, 'Example')))).receipts[0].position;
    } else if (message.message === 'entry') {
      assert.equal(message.entry.entry.position, recorded);
      console.log(`Following: entry ${recorded} came in.`);
      stream.cancel();
      return;
    }
  }
  assert.fail('the stream ended early');
}

// Makes each kind of mistake and reads the error details.
async function errors(clients, id) {
  // Unreadable fields: BadRequest names each of them.
  const unreadable = { subject: 'bodies/NOT AN ID', body_registered: { name: '' } };
  let refusal = await refused(clients, newRequest(unreadable));
  assert.equal(refusal.code, grpc.status.INVALID_ARGUMENT);
  const fields = refusal.BadRequest.fieldViolations.map((violation) => violation.field);
  assert.ok(fields.includes('events[0].subject'));

  // A broken rule: ErrorInfo carries the reason and the facts.
  const unknownParty = {
    subject: `collaborations/${id}`,
    effective_on: { year: 2014, month: 1, day: 1 },
    collaboration_established: {
      name: 'Example Alliance',
      kind: 'COLLABORATION_KIND_ALLIANCE',
      party_ids: [id, `${id}-unknown`],
    },
  };
  refusal = await refused(clients, newRequest(unknownParty));
  assert.equal(refusal.code, grpc.status.FAILED_PRECONDITION);
  assert.equal(refusal.ErrorInfo.reason, 'UNKNOWN_BODY');
  assert.equal(refusal.ErrorInfo.metadata.body, `${id}-unknown`);

  // Another recorder was first: read again, then decide again.
  const stale = newRequest(alias(id, 'Late'));
  stale.expected_revisions = [{ subject: `bodies/${id}`, revision: 1 }];
  refusal = await refused(clients, stale);
  assert.equal(refusal.code, grpc.status.ABORTED);
  assert.equal(refusal.ErrorInfo.reason, 'STALE_REVISION');
}

function newRequest(...events) {
  return { request_id: randomUUID(), recorded_by: 'Node example', events };
}

function alias(id, name) {
  return { subject: `bodies/${id}`, alias_added: { alias: name } };
}

// Appends. If the outcome is unknown or the server is unavailable, sends the same
// request again: the request id ensures that it is recorded once.
async function send(clients, request) {
  const append = promisify(clients.record.Append.bind(clients.record));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await append(request);
    } catch (error) {
      if (error.code !== grpc.status.UNAVAILABLE || attempt === 5) throw error;
      await sleep(500);
    }
  }
}

// Sends a request that must be refused, and prints every part of the refusal.
async function refused(clients, request) {
  const error = await send(clients, request).then(
    () => assert.fail('this should have been refused'),
    (reason) => reason,
  );
  if (!(error.metadata instanceof grpc.Metadata)) throw error;
  console.log(`Refused, ${grpc.status[error.code]}: ${error.details}`);

  // The details are a google.rpc.Status in a trailer.
  const [packed] = error.metadata.get('grpc-status-details-bin');
  const refusal = { code: error.code };
  for (const { type_url: typeUrl, value } of decodeStatus(packed).details) {
    const type = details.lookup(typeUrl.split('/').pop(), [protobuf.Type]);
    if (type) refusal[type.name] = type.decode(value);
  }
  if (refusal.ErrorInfo) {
    const { reason, domain, metadata } = refusal.ErrorInfo;
    console.log(`  reason ${reason} (${domain}):`);
    for (const name of Object.keys(metadata).sort()) {
      console.log(`    ${name}: ${metadata[name]}`);
    }
  }
  for (const { field, description } of refusal.BadRequest?.fieldViolations ?? []) {
    console.log(`  field ${field}: ${description}`);
  }
  for (const { type, description } of refusal.PreconditionFailure?.violations ?? []) {
    console.log(`  rule ${type}: ${description}`);
  }
  return refusal;
}

function decodeStatus(bytes) {
  return details.lookupType('google.rpc.Status').decode(bytes);
}

main(process.argv[2] ?? 'http://127.0.0.1:7878').catch((error) => {
  console.error(error);
  process.exit(1);
});
