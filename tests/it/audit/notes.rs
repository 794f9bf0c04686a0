//! Notes, checkpoints, keys and tiles: their texts are golden, and parsing is
//! strict.

use minutebook::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use minutebook::audit::cosignature;
use minutebook::audit::key::{KeyError, SigningKey, VerifierKey};
use minutebook::audit::note::{Note, Unverified};
use minutebook::audit::replacement;
use minutebook::audit::tile::{Tile, TileContent, tiles};
use minutebook::audit::witnessing::AddCheckpoint;
use proptest::prelude::*;

use super::fixture::{key, stranger};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/notes-v1.txt");

fn witness() -> SigningKey {
    SigningKey::witness("witness.example/one", [9; 32]).expect("a key")
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: key().name().to_owned(),
        size: 42,
        root: minutebook::audit::merkle::leaf_hash(b"not a root"),
        extensions: Vec::new(),
    }
}

/// Every text that is signed or sent, in order.
fn texts() -> Vec<(&'static str, String)> {
    let signed = checkpoint().sign(&key());
    let mut witnessed = signed.clone();
    witnessed.add(cosignature::sign(&signed, &witness(), 1_767_323_045));
    let statement = replacement::statement(&key(), &stranger(), 42, checkpoint().root);
    let request = AddCheckpoint {
        old: 7,
        proof: vec![checkpoint().root; 2],
        checkpoint: SignedCheckpoint {
            checkpoint: checkpoint(),
            note: signed.clone(),
        },
    };
    vec![
        ("signing key", key().to_text() + "\n"),
        ("verifier key", format!("{}\n", key().verifier())),
        (
            "witness's verifier key",
            format!("{}\n", witness().verifier()),
        ),
        ("checkpoint", signed.to_string()),
        ("witnessed checkpoint", witnessed.to_string()),
        ("replacement of a key", statement),
        ("request to a witness", request.to_string()),
    ]
}

fn golden() -> String {
    let texts = texts().into_iter();
    texts
        .map(|(name, text)| format!("=== {name}\n{text}"))
        .collect()
}

#[test]
#[ignore = "made the golden file, once"]
fn make_the_golden_notes() {
    assert!(!std::fs::exists(GOLDEN).unwrap(), "never made again");
    std::fs::write(GOLDEN, golden()).unwrap();
}

#[test]
fn signed_texts_keep_their_golden_form() {
    assert_eq!(golden(), std::fs::read_to_string(GOLDEN).unwrap());
}

#[test]
fn written_texts_can_be_read_again() {
    let notes = texts();
    let text = |wanted: &str| {
        let found = notes.iter().find(|(name, _)| *name == wanted);
        found.expect("a text").1.as_str()
    };
    let line = |name: &str| text(name).trim_end().to_owned();
    let read: SigningKey = line("signing key").parse().expect("a key");
    assert_eq!(read.verifier(), key().verifier());
    assert!(!format!("{read:?}").contains("PRIVATE"));
    let read: VerifierKey = line("verifier key").parse().expect("a key");
    assert_eq!(read, key().verifier());
    let signed = SignedCheckpoint::parse(text("witnessed checkpoint")).expect("one");
    assert_eq!(signed.checkpoint, checkpoint());
    signed.note.verify(&key().verifier()).expect("signed");
    let signed_at = cosignature::verify(&signed.note, &witness().verifier());
    assert_eq!(signed_at, Ok(1_767_323_045));
    assert_eq!(
        signed.note.verify(&stranger().verifier()),
        Err(Unverified::Missing)
    );
    let replaced = replacement::read(text("replacement of a key")).expect("one");
    assert_eq!(
        (replaced.old, replaced.new),
        (key().verifier(), stranger().verifier())
    );
    assert_eq!(replaced.size, 42);
    let request = AddCheckpoint::parse(text("request to a witness")).expect("one");
    assert_eq!(request.to_string(), text("request to a witness"));
}

#[test]
fn an_invalid_key_is_refused_with_a_reason() {
    let vkey = key().verifier().to_string();
    let table = [
        ("", KeyError::Form),
        ("name", KeyError::Form),
        ("na me+00000000+AQ==", KeyError::Name),
        ("+00000000+AQ==", KeyError::Name),
        ("name+00000000+AQ==", KeyError::Bytes),
        ("name+00000000+!", KeyError::Form),
        ("name+00000000+CQ==", KeyError::Algorithm),
    ];
    for (text, expected) in table {
        let found = text.parse::<VerifierKey>();
        assert_eq!(found.map(|_| ()), Err(expected), "{text:?}");
    }
    let renamed = vkey.replacen("north", "south", 1);
    assert_eq!(
        renamed.parse::<VerifierKey>().map(|_| ()),
        Err(KeyError::Hash)
    );
    assert_eq!(
        SigningKey::new("a+b", [1; 32]).map(|_| ()),
        Err(KeyError::Name)
    );
}

#[test]
fn a_note_is_read_strictly() {
    let good = checkpoint().sign(&key()).to_string();
    Note::parse(&good).expect("a note");
    let not = [
        String::new(),
        good.replace("\n\n", "\n"),
        good.trim_end().to_owned(),
        good.replace('\u{2014}', "-"),
        good.replace('\u{2014}', "\u{2014}\u{2014}"),
        good.replacen("42", "\u{7}42", 1),
        good.clone() + "\n",
        good.clone() + "\u{2014} other notbase64!\n",
        good.clone() + "\u{2014} a+b AAAAAAAA\n",
    ];
    for text in not {
        assert!(Note::parse(&text).is_err(), "{text:?}");
    }
    let with =
        |from: &str, to: &str| Checkpoint::parse(&checkpoint().to_string().replacen(from, to, 1));
    assert!(with("42", "042").is_err());
    assert!(with("42", "+42").is_err());
    assert!(with("42", "").is_err());
    assert!(with("=\n", "\n").is_err());
    assert!(with("=\n", "=\n\n").is_err());
    assert!(with("register.example/north", "").is_err());
    let extended = with("=\n", "=\nmore\n").expect("an extension");
    assert_eq!(extended.extensions, ["more"]);
}

#[test]
fn tiles_are_named_as_others_name_them() {
    let name = |holds, index, width| {
        Tile {
            holds,
            index,
            width,
        }
        .to_string()
    };
    let hashes = |level| TileContent::Hashes { level };
    // The examples of the specification.
    assert_eq!(name(hashes(0), 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(name(hashes(0), 1_234_067, 8), "tile/0/x001/x234/067.p/8");
    assert_eq!(name(TileContent::Entries, 0, 256), "tile/entries/000");
    assert_eq!(name(hashes(3), 999, 1), "tile/3/999.p/1");
    for not in [
        "tile/0/67",
        "tile/0/x001/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/257",
        "tile/0/x001/x234/x067",
        "tile/0/001/067",
        "tile/00/067",
        "tile/256/067",
        "tile/0/067/",
        "tile/0/",
        "entries/067",
    ] {
        assert!(not.parse::<Tile>().is_err(), "{not}");
    }
    let all = |size| tiles(size).map(|tile| tile.to_string()).collect::<Vec<_>>();
    assert_eq!(all(0), Vec::<String>::new());
    assert_eq!(all(70_000), {
        let mut names: Vec<String> = (0..273).map(|n| format!("tile/entries/{n:03}")).collect();
        names.push("tile/entries/273.p/112".into());
        names.extend((0..273).map(|n| format!("tile/0/{n:03}")));
        names.push("tile/0/273.p/112".into());
        names.extend([
            "tile/1/000".into(),
            "tile/1/001.p/17".into(),
            "tile/2/000.p/1".into(),
        ]);
        names
    });
}

proptest! {
    #[test]
    fn a_tile_s_path_is_its_own(level in 0_u8..8, index in 0_u64..5_000_000_000, width in 1_u16..=256) {
        for holds in [TileContent::Entries, TileContent::Hashes { level }] {
            let tile = Tile { holds, index, width };
            prop_assert_eq!(tile.to_string().parse::<Tile>(), Ok(tile));
        }
    }

    #[test]
    fn one_byte_changed_in_a_signed_checkpoint_is_seen(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let signed = checkpoint().sign(&key()).to_string();
        let mut bytes = signed.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes)
            && let Ok(changed) = SignedCheckpoint::parse(&text)
        {
            let verified = changed.note.verify(&key().verifier()).is_ok();
            prop_assert!(!verified, "bit {} of byte {} of {:?}", bit, at, signed);
        }
    }

    #[test]
    fn whatever_is_handed_over_is_answered(text in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let lossy = String::from_utf8_lossy(&bytes).into_owned();
        for text in [text, lossy] {
            let _ = SignedCheckpoint::parse(&text);
            let _ = AddCheckpoint::parse(&text);
            let _ = replacement::read(&text);
            let _ = text.parse::<VerifierKey>();
            let _ = text.parse::<SigningKey>();
            let _ = text.parse::<Tile>();
        }
        let _ = minutebook::audit::bundle::entries(&bytes, 3);
    }
}
