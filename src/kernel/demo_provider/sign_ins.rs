//! Sign-ins that are under way at the demo's provider: codes, each for one token.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use form_urlencoded::Serializer;
use sha2::{Digest as _, Sha256};

use super::{CLIENT, DemoOffice};

/// How long a code counts, in seconds.
pub const SECONDS_MAX: u64 = 600;

/// The most sign-ins under way; the oldest gives way.
const UNDER_WAY_MAX: usize = 256;

/// The fields of a form or of a query.
pub struct Form(Vec<(String, String)>);

impl Form {
    pub fn read(text: &str) -> Self {
        Self(
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// A field; none where it is there twice.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(field, _)| field == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// The fields that a page sends back.
    pub fn shown(&self) -> Vec<(&str, &str)> {
        let all = self.0.iter();
        all.map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

/// A request for a sign-in in a browser (RFC 6749, 7636).
pub struct BrowserRequest {
    /// The page of the program that asked, on this machine.
    redirect: String,
    state: String,
    challenge: String,
}

impl BrowserRequest {
    pub fn read(form: &Form) -> Result<Self, &'static str> {
        if form.get("client_id") != Some(CLIENT) || form.get("response_type") != Some("code") {
            return Err("Only minutebook signs in here.");
        }
        if form.get("code_challenge_method") != Some("S256") {
            return Err("PKCE with S256 is needed.");
        }
        let redirect = form.get("redirect_uri").unwrap_or_default();
        let port = redirect.strip_prefix("http://127.0.0.1:");
        let port = port.and_then(|rest| rest.strip_suffix("/callback"));
        // The command line ends a sign-in at `/callback`, the pages at `/sign-in/callback`.
        let port = port.map(|port| port.strip_suffix("/sign-in").unwrap_or(port));
        if port.is_none_or(|port| port.parse::<u16>().is_err()) {
            return Err("The answer goes to a program of this machine only.");
        }
        Ok(Self {
            redirect: redirect.to_owned(),
            state: form.get("state").unwrap_or_default().to_owned(),
            challenge: form.get("code_challenge").unwrap_or_default().to_owned(),
        })
    }

    /// The address to which a browser brings the code.
    pub fn back(&self, code: &str, issuer: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("code", code);
        query.append_pair("state", &self.state);
        query.append_pair("iss", issuer);
        format!("{}?{}", self.redirect, query.finish())
    }
}

/// A sign-in on another device, begun.
pub struct BegunOnDevice {
    pub device_code: String,
    pub user_code: String,
}

pub enum PollError {
    /// Nobody has chosen an office yet.
    Pending,
    /// The code is not known, or too old.
    Unknown,
}

#[derive(Debug, Default)]
pub struct SignIns(Mutex<UnderWay>);

#[derive(Debug, Default)]
struct UnderWay {
    in_browser: VecDeque<BrowserCode>,
    on_device: VecDeque<DeviceCode>,
}

#[derive(Debug)]
struct BrowserCode {
    code: String,
    office: DemoOffice,
    redirect: String,
    challenge: String,
    begun: Instant,
}

#[derive(Debug)]
struct DeviceCode {
    device_code: String,
    user_code: String,
    office: Option<DemoOffice>,
    begun: Instant,
}

impl SignIns {
    fn with<T>(&self, act: impl FnOnce(&mut UnderWay) -> T) -> T {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_young = |begun: Instant| begun.elapsed() < Duration::from_secs(SECONDS_MAX);
        under_way.in_browser.retain(|one| is_young(one.begun));
        under_way.on_device.retain(|one| is_young(one.begun));
        act(&mut under_way)
    }

    /// A code for an office that was chosen in a browser; `None` without random numbers.
    pub fn grant(&self, office: DemoOffice, asked: &BrowserRequest) -> Option<String> {
        let code = random(16)?;
        let granted = BrowserCode {
            code: code.clone(),
            office,
            redirect: asked.redirect.clone(),
            challenge: asked.challenge.clone(),
            begun: Instant::now(),
        };
        self.with(|under_way| push(&mut under_way.in_browser, granted));
        Some(code)
    }

    /// The office of a code, once, for the program that asked for it.
    pub fn redeem(&self, form: &Form) -> Option<DemoOffice> {
        let code = form.get("code")?;
        let granted = self.with(|under_way| {
            let all = &mut under_way.in_browser;
            let at = all.iter().position(|one| one.code == code)?;
            all.remove(at)
        })?;
        let verifier = form.get("code_verifier")?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let is_asker =
            challenge == granted.challenge && form.get("redirect_uri") == Some(&granted.redirect);
        is_asker.then_some(granted.office)
    }

    /// Begins a sign-in on another device; with an office, it is done.
    pub fn begin(&self, office: Option<DemoOffice>) -> Option<BegunOnDevice> {
        let (device_code, user_code) = (random(16)?, random(4)?.to_uppercase());
        let begun = DeviceCode {
            device_code: device_code.clone(),
            user_code: user_code.clone(),
            office,
            begun: Instant::now(),
        };
        self.with(|under_way| push(&mut under_way.on_device, begun));
        Some(BegunOnDevice {
            device_code,
            user_code,
        })
    }

    /// An office was chosen for a code; false if no such code waits for one.
    pub fn approve(&self, user_code: &str, office: DemoOffice) -> bool {
        let user_code = user_code.trim().to_uppercase();
        self.with(|under_way| {
            let mut all = under_way.on_device.iter_mut();
            let waits = all.find(|one| one.user_code == user_code && one.office.is_none());
            waits.map(|one| one.office = Some(office)).is_some()
        })
    }

    /// The office that was chosen for a device, once.
    pub fn poll(&self, device_code: &str) -> Result<DemoOffice, PollError> {
        self.with(|under_way| {
            let all = &mut under_way.on_device;
            let at = all.iter().position(|one| one.device_code == device_code);
            let at = at.ok_or(PollError::Unknown)?;
            let office = all.get(at).and_then(|one| one.office);
            let office = office.ok_or(PollError::Pending)?;
            all.remove(at);
            Ok(office)
        })
    }
}

fn push<T>(all: &mut VecDeque<T>, one: T) {
    if all.len() >= UNDER_WAY_MAX {
        all.pop_front();
    }
    all.push_back(one);
}

/// So many random bytes, in hexadecimal digits.
fn random(bytes: usize) -> Option<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).ok()?;
    Some(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICE: DemoOffice = DemoOffice {
        login: "secretary",
        name: "Secretary",
    };

    fn asked(redirect: &str) -> Form {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest("a verifier"));
        Form::read(&format!(
            "client_id={CLIENT}&response_type=code&code_challenge_method=S256&state=s&\
             code_challenge={challenge}&redirect_uri={redirect}"
        ))
    }

    #[test]
    fn a_code_is_for_the_program_that_asked_and_for_one_token() {
        let sign_ins = SignIns::default();
        let redirect = "http://127.0.0.1:4000/callback";
        let read = || BrowserRequest::read(&asked(redirect)).ok().unwrap();
        let redeem = |code: &str, verifier: &str, redirect: &str| {
            let form = format!("code={code}&code_verifier={verifier}&redirect_uri={redirect}");
            sign_ins.redeem(&Form::read(&form))
        };
        let code = sign_ins.grant(OFFICE, &read()).unwrap();
        assert_eq!(redeem(&code, "a+verifier", redirect), Some(OFFICE));
        assert_eq!(redeem(&code, "a+verifier", redirect), None, "used");
        let code = sign_ins.grant(OFFICE, &read()).unwrap();
        assert_eq!(redeem(&code, "another", redirect), None);
        assert_eq!(redeem(&code, "a+verifier", redirect), None, "it is gone");
        let code = sign_ins.grant(OFFICE, &read()).unwrap();
        assert_eq!(
            redeem(&code, "a+verifier", "http://127.0.0.1:1/callback"),
            None
        );
    }

    #[test]
    fn an_answer_goes_to_a_program_of_this_machine_only() {
        for wrong in [
            "http://127.0.0.1.example.org:1/callback",
            "http://example.org/callback",
            "http://127.0.0.1:80@example.org/callback",
            "http://127.0.0.1:1/callback/../x",
            "https://127.0.0.1:1/callback",
        ] {
            assert!(BrowserRequest::read(&asked(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sign_ins_that_nobody_ends_give_way() {
        let sign_ins = SignIns::default();
        let first = sign_ins.begin(None).unwrap();
        assert!(matches!(
            sign_ins.poll(&first.device_code),
            Err(PollError::Pending)
        ));
        for _ in 0..UNDER_WAY_MAX {
            sign_ins.begin(None).unwrap();
        }
        assert!(matches!(
            sign_ins.poll(&first.device_code),
            Err(PollError::Unknown)
        ));
        let last = sign_ins.begin(None).unwrap();
        assert!(sign_ins.approve(&last.user_code.to_lowercase(), OFFICE));
        assert!(
            !sign_ins.approve(&last.user_code, OFFICE),
            "it was approved"
        );
        assert!(
            sign_ins
                .poll(&last.device_code)
                .is_ok_and(|office| office == OFFICE)
        );
        assert!(matches!(
            sign_ins.poll(&last.device_code),
            Err(PollError::Unknown)
        ));
    }
}
